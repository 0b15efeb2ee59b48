import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Every chapter of SPMD cases, on every rank count.
@Suite struct ChapterTests {
    /// The chapters that need more than ranks, and the files of the tests that run them.
    private static let elsewhere = [
        "allocation": "SwiftMPITests/OneCallTests", "checkpoints": "CheckpointingTests/CheckpointingTests",
        "failing": "SwiftMPITests/HarnessTests", "guarded-operations": "SwiftMPITests/OneCallTests",
        "hdf5": "ParallelHDF5Tests/ParallelHDF5Tests", "one-call": "SwiftMPITests/OneCallTests",
    ]
    private static let all = lines(of: "'\(builtProgram("spmd-cases"))' --list")
    private static let large = lines(of: "'\(packageDirectory)/scripts/test-large' --list")

    @Test(arguments: all.filter { elsewhere[$0] == nil && !large.contains($0) }, 1...5)
    func cases(of chapter: String, ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", [chapter])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("cases passed on \(ranks) ranks"), "\(outcome)")
    }

    /// Receives of objects need addresses: 8 GB of them for 5000 receives, 1.5 GB for a few.
    @Test(arguments: [("8000000", ""), ("1500000", "collective call")], [1, 2, 4])
    func objectRequestsWhereAddressesAreFew(_ limit: (kilobytes: String, cases: String), ranks: Int) async throws {
        let script = """
            ulimit -v \(limit.kilobytes) && exec '\(builtProgram("spmd-cases"))' object-requests '\(limit.cases)'
            """
        let outcome = try await mpiexec(ranks, "/bin/sh", ["-c", script])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("cases passed on \(ranks) ranks"), "\(outcome)")
    }

    /// What is not run here is run elsewhere.
    @Test func everyChapterIsRun() throws {
        #expect(Self.all.count > Self.elsewhere.count + Self.large.count)
        #expect(Set(Self.elsewhere.keys).isDisjoint(with: Self.large))
        for chapter in Self.elsewhere.keys + Self.large { #expect(Self.all.contains(chapter), "\(chapter)") }
        for (chapter, file) in Self.elsewhere {
            let path = "\(packageDirectory)/Tests/\(file).swift"
            let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            #expect(text.contains("\"\(chapter)\""), "\(file) does not run \(chapter)")
        }
    }
}

/// The lines that a command of the shell prints.
private func lines(of command: String) -> [String] {
    guard let output = popen(command, "r") else { return [] }
    defer { pclose(output) }
    var lines: [String] = []
    while let line = readLine(from: output) { lines.append(line) }
    return lines
}

private func readLine(from file: UnsafeMutablePointer<FILE>) -> String? {
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, 256, file) != nil else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
