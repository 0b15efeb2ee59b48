/// An error with an exit status for the program.
///
/// Statuses follow `sysexits.h`: 64 for bad usage, 73 for an output that cannot be created, 74 for a failed input or
/// output operation. Errors without a status end the program with 1.
public protocol ExitStatusProviding: Error {
    /// The exit status, between 1 and 255.
    var exitStatus: Int32 { get }
}
