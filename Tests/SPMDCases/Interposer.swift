import Glibc
import SwiftMPI

/// The library that stands between this program and MPI: see Tests/Interposer. Its test loads it before the program.
enum Interposer {
    /// The MPI functions that `body` calls, in order.
    static func calls(_ body: () throws -> Void) throws -> [String] {
        _ = try takeCalls()
        try body()
        return try takeCalls()
    }

    /// The MPI functions called since it was last asked, in order.
    static func takeCalls() throws -> [String] {
        let take = unsafeBitCast(
            try symbol("interposer_take_calls"), to: (@convention(c) () -> UnsafePointer<CChar>).self)
        return String(cString: take()).split(separator: "\n").map(String.init)
    }

    /// How often `body` allocates memory outside MPI.
    static func allocations(_ body: () throws -> Void) throws -> Int {
        let take = unsafeBitCast(try symbol("interposer_take_allocations"), to: (@convention(c) () -> CLong).self)
        _ = take()
        try body()
        return take()
    }

    /// Runs `body` with every block of memory ending where the process may not write: see Tests/Interposer/guard.c.
    ///
    /// - Returns: How many blocks were allocated meanwhile.
    static func guarding(_ body: () throws -> Void) throws -> Int {
        let set = unsafeBitCast(try symbol("guard_set"), to: (@convention(c) (CInt) -> CLong).self)
        let before = set(1)
        defer { _ = set(0) }
        try body()
        return set(0) - before
    }

    private static func symbol(_ name: String) throws -> UnsafeMutableRawPointer {
        guard let symbol = dlsym(nil, name) else { throw Unmet(description: "the interposing library is not loaded") }
        return symbol
    }
}
