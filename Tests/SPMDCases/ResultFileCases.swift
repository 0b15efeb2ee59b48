import Glibc
import ParallelHDF5
import ResultFiles
import SwiftMPI
import SystemSupport

// Result files that all ranks write together, begun by one run and finished by another.

private func create(_ target: PublishedFile, _ world: Communicator) throws -> CollectiveResultFile {
    let file = try CollectiveResultFile(target, on: world)
    let dataset = try file.create(
        "mass", of: Double.self, shape: [2], layout: .chunked([2]), maximumShape: [nil], units: "kg", meaning: "mass")
    try file.fill(dataset, with: [1.0, 2])
    return file
}

/// Adds a number at the end.
private func append(_ value: Double, _ file: borrowing CollectiveResultFile) throws {
    var dataset = try file.writing { try $0.openDataset("mass") }
    let count = dataset.shape[0]
    try file.writing { _ in try dataset.extend(to: [count + 1]) }
    try file.fill(dataset, with: [value], at: Hyperslab(count..<count + 1))
}

private func expectMass(_ values: [Double], in path: String, _ world: Communicator) throws {
    let file = try HDF5File.open(path, communicator: world)
    try expect(file.openDataset("mass").read(Double.self), equals: values)
    try file.close()
}

var resultFileCases: [Case] {
    [
        Case("a result that is left, continued, published, and continued again") { world in
            let target = PublishedFile(path("result.h5"), run: "0123456789abcdef", replacing: nil)
            if world.rank == 0 { unlink(target.path) }
            // Left as by a run that was killed: nothing but what has been flushed is in the file.
            do {
                let file = try create(target, world)
                try file.flush()
            }
            try world.Barrier()
            try expect(target.stamp, equals: nil)
            let second = try CollectiveResultFile(continuing: target, replacing: nil, on: world)
            try append(3, second)
            try second.publish()
            try expectMass([1, 2, 3], in: target.path, world)
            let third = try CollectiveResultFile(continuing: target, replacing: nil, on: world)
            try expect(target.stamp, equals: nil)
            try append(4, third)
            try third.publish()
            try expectMass([1, 2, 3, 4], in: target.path, world)
        },
        Case("results that cannot be continued") { world in
            let target = PublishedFile(path("unwritten.h5"), run: "0123456789abcdef", replacing: nil)
            try expectThrow({ _ = try CollectiveResultFile(continuing: target, replacing: nil, on: world) }) { error in
                try expect(
                    "\(error)".contains(
                        "cannot continue \(target.path): the unfinished result of this run is missing"), "\(error)")
                try expect((error as? any ExitStatusProviding)?.exitStatus, equals: 73)
            }
            let text = PublishedFile(path("text-result.h5"), replacing: nil)
            try writeBytes(text.temporaryPath, Array("not HDF5".utf8), world)
            try expectThrow({ _ = try CollectiveResultFile(continuing: text, replacing: nil, on: world) }) { error in
                try expect("\(error)".contains("not an HDF5 file"), "\(error)")
                try expect((error as? any ExitStatusProviding)?.exitStatus, equals: 74)
            }
            try expect(access(text.temporaryPath, F_OK), equals: 0)
        },
        Case("a file that is no result is not replaced") { world in
            let target = PublishedFile(path("notes.txt"), replacing: .results(of: "cases"))
            try writeBytes(target.path, Array("notes".utf8), world)
            try expectThrow({ _ = try create(target, world) }) { error in
                try expect(
                    "\(error)".contains("\(target.path): the file of that name was not written by cases; --force"),
                    "\(error)")
                try expect((error as? any ExitStatusProviding)?.exitStatus, equals: 73)
            }
            try world.Barrier()
            try writeBytes(target.path, [], world)
            let file = try create(target, world)
            try file.publish()
            try expectMass([1, 2], in: target.path, world)
        },
    ]
}
