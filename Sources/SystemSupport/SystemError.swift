private import Glibc

/// Returns the message for the current value of `errno`.
public func systemError() -> String { systemError(errno) }

/// Returns the message for a value of `errno`.
public func systemError(_ code: Int32) -> String { String(cString: strerror(code)) }
