/// An error that names the exit status it should end the program with.
///
/// Statuses as in `sysexits.h`: 64 for bad usage, 73 for an output that cannot be created, 74 for a failed input or
/// output operation. Errors without one end the program with 1.
public protocol ExitStatusProviding: Error {
    /// Between 1 and 255.
    var exitStatus: Int32 { get }
}
