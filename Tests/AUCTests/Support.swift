import FoundationEssentials
import ParallelHDF5
import TestSupport
import Testing

/// Runs auc, which must succeed.
@discardableResult
func auc(
    _ ranks: Int, _ arguments: [String], in directory: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> String {
    let outcome = try await mpiexec(ranks, "auc", arguments, directory: directory)
    #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
    return outcome.standardOutput
}

/// Runs auc, which must refuse in one line from one rank and leave no file.
///
/// - Returns: The line.
@discardableResult
func expectRefusal(
    _ ranks: Int, _ arguments: [String], in directory: String, status: Int32, saying texts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> String? {
    try await expectRefusal(
        of: "auc", in: directory, status: status, saying: texts, sourceLocation: sourceLocation
    ) {
        try await mpiexec(ranks, "auc", arguments, directory: directory)
    }
}

/// A number of a result file.
func number(_ name: String, in file: String) throws -> Double {
    let file = try HDF5File.open(file)
    let value = try file.openDataset(name).read(Double.self)[0]
    try file.close()
    return value
}

/// Runs a Python program with numpy, scipy and h5py.
@discardableResult
func python(_ source: String, in directory: String) async throws -> [String] {
    let outcome = try await run(TestSupport.python, ["-c", source], directory: directory)
    try #require(outcome.status == 0, "\(outcome)")
    return outcome.standardOutput.split(separator: "\n").map(String.init)
}
