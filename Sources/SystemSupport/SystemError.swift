private import Glibc

/// Returns the message for the current value of `errno`.
///
/// Call it right after the system call that failed: anything that allocates memory, such as string interpolation, may
/// change `errno`.
public func systemError() -> String { systemError(errno) }

/// Returns the message for a value of `errno`.
public func systemError(_ code: Int32) -> String { String(cString: strerror(code)) }
