private import FoundationEssentials
internal import SwiftMPI
private import SystemSupport

/// Returns the attributes of a result file that describe its provenance: the run rather than the result.
///
/// - Parameters:
///   - program: The program's name.
///   - communicator: All ranks of the job.
/// - Returns: The names and values, in the order to write them.
func provenance(of program: String, on communicator: Communicator) -> [(name: String, value: String)] {
    let command = ([program] + CommandLine.arguments.dropFirst()).joined(separator: " ")
    return [
        ("source", "\(program) \(suiteVersion)"),
        ("history", "\(Date.now.formatted(.iso8601)): \(command)"),
        ("mpi_library", MPI.libraryVersion),
        ("ranks", String(communicator.size)),
    ]
}
