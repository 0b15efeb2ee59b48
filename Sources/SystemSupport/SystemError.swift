private import Glibc

/// The text of the last system call's error.
public func systemError() -> String { systemError(errno) }

/// The text of a value of `errno`.
public func systemError(_ code: Int32) -> String { String(cString: strerror(code)) }
