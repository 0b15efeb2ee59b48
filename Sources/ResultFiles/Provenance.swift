private import FoundationEssentials
internal import SwiftMPI
private import SystemSupport

/// Where a result comes from: attributes of a result file that describe the run, not the result.
///
/// - Parameters:
///   - program: The program's name.
///   - communicator: All ranks of the job.
/// - Returns: Names and values, in the order to write them.
func provenance(of program: String, on communicator: Communicator) -> [(name: String, value: String)] {
    let command = ([program] + CommandLine.arguments.dropFirst()).joined(separator: " ")
    return [
        ("source", "\(program) \(suiteVersion)"),
        ("history", "\(Date.now.formatted(.iso8601)): \(command)"),
        ("mpi_library", MPI.libraryVersion),
        ("ranks", String(communicator.size)),
    ]
}
