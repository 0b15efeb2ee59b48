private import Glibc

/// The text of the last system call's error. To be asked for before anything else is done: whatever takes memory, as
/// text does that is put together, may change `errno`.
public func systemError() -> String { systemError(errno) }

/// The text of a value of `errno`.
public func systemError(_ code: Int32) -> String { String(cString: strerror(code)) }
