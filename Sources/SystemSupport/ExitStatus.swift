public import SwiftMPI

/// The exit statuses of the suite's programs, after `sysexits.h`.
public enum ExitStatus {
    /// The work is done, but not as well as was asked for.
    public static let notReached: Int32 = 1
    /// Wrong arguments or parameters (`EX_USAGE`).
    public static let usage: Int32 = 64
    /// The data given, or the values of a function, are not what can be worked with (`EX_DATAERR`).
    public static let data: Int32 = 65
    /// Something that was asked for needs a program that is not there (`EX_UNAVAILABLE`).
    public static let unavailable: Int32 = 69
    /// The system refuses something that programs usually get (`EX_OSERR`).
    public static let systemError: Int32 = 71
    /// The output cannot be created (`EX_CANTCREAT`).
    public static let cannotCreate: Int32 = 73
    /// Writing the output failed (`EX_IOERR`).
    public static let ioError: Int32 = 74
    /// Stopped before the end; running the same again goes on from there (`EX_TEMPFAIL`).
    public static let stopped: Int32 = 75
}

/// An error the user can do something about: one line, and the status to exit with.
public struct UserError: ExitStatusProviding, Hashable, CustomStringConvertible {
    public let description: String
    public let exitStatus: Int32

    /// - Parameters:
    ///   - description: What was wrong and what is accepted, without the program's name.
    ///   - exitStatus: One of ``ExitStatus``.
    public init(_ description: String, exitStatus: Int32) {
        self.description = description
        self.exitStatus = exitStatus
    }
}

/// Runs `body`, giving whatever it throws an exit status.
public func withStatus<R: ~Copyable>(_ exitStatus: Int32, _ body: () throws -> R) throws -> R {
    do {
        return try body()
    } catch let error as any ExitStatusProviding {
        throw error
    } catch {
        throw UserError("\(error)", exitStatus: exitStatus)
    }
}
