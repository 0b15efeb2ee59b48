import ParallelHDF5
import TestSupport
import Testing

// Without MPI: the library in a program that never starts it, and from several tasks at once.

@Suite struct SerialTests {
    @Test func threadsTakeTurns() async throws {
        try await withTemporaryDirectory { directory in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for round in 0..<10 {
                            let path = "\(directory)/\(task).h5"
                            let file = try HDF5File.create(path)
                            try file.setAttribute("round", to: round)
                            try file.createDataset("numbers", of: Int.self, shape: [100])
                                .write([Int](repeating: task, count: 100))
                            try file.close()
                            let again = try HDF5File.open(path)
                            let numbers = try again.openDataset("numbers").read(Int.self)
                            #expect(numbers == [Int](repeating: task, count: 100))
                            #expect(try again.attribute("round") == round)
                            #expect(throws: HDF5Error.self) { _ = try again.openDataset("none\(task)") }
                            try again.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func errorsCarryTheStackOfTheirOwnCall() throws {
        do throws(HDF5Error) {
            try HDF5File.open("/no/such/file.h5").close()
            Issue.record("opened")
        } catch {
            #expect(error.description == "cannot open /no/such/file.h5: No such file or directory")
            #expect(error.function == "H5Fopen")
            #expect(error.stack.last?.function == "H5Fopen")
            #expect(error.stack.first.map { "\($0)" }?.contains("errno = 2") == true)
            #expect(error.reason == .reported)
        }
    }

    @Test(arguments: [
        (Hyperslab(2..<5, 0..<7), 21), (Hyperslab(all: [3, 7]), 21), (Hyperslab(all: []), 1),
        (Hyperslab(2..<2, 0..<7), 0), (.none(axes: 2), 0), (.none(axes: 0), 0),
    ])
    func hyperslabsCountTheirElements(region: Hyperslab, count: Int) {
        #expect(region.elementCount == count)
        #expect(region.isEmpty == (count == 0))
    }

    @Test func hyperslabsOverflowNowhere() {
        #expect(Hyperslab(start: [0, 0, 0], count: [.max, .max, 0]).elementCount == 0)
        #expect("\(Hyperslab(start: [.max], count: [.max]))".isEmpty == false)
    }
}
