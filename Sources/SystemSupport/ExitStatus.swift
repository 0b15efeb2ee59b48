public import SwiftMPI

/// The exit statuses of the suite's programs, based on `sysexits.h`.
public enum ExitStatus {
    /// The work is done, but a requested goal was not reached.
    public static let notReached: Int32 = 1
    /// Wrong arguments or parameters (`EX_USAGE`).
    public static let usage: Int32 = 64
    /// The input data, or the values of a function, cannot be used (`EX_DATAERR`).
    public static let data: Int32 = 65
    /// A program that is needed for a request is missing (`EX_UNAVAILABLE`).
    public static let unavailable: Int32 = 69
    /// The system refused an ordinary request (`EX_OSERR`).
    public static let systemError: Int32 = 71
    /// The output cannot be created (`EX_CANTCREAT`).
    public static let cannotCreate: Int32 = 73
    /// Writing the output failed (`EX_IOERR`).
    public static let ioError: Int32 = 74
    /// The run stopped before its end; rerunning the same command resumes it (`EX_TEMPFAIL`).
    public static let stopped: Int32 = 75
}

/// An error that the user can act on, with a one-line description and an exit status.
public struct UserError: ExitStatusProviding, Hashable, CustomStringConvertible {
    public let description: String
    public let exitStatus: Int32

    /// - Parameters:
    ///   - description: The problem and what is accepted instead, without the name of the program.
    ///   - exitStatus: A constant of ``ExitStatus``.
    public init(_ description: String, exitStatus: Int32) {
        self.description = description
        self.exitStatus = exitStatus
    }
}

/// Runs `body` and adds an exit status to errors that have none.
public func withStatus<R: ~Copyable>(_ exitStatus: Int32, _ body: () throws -> R) throws -> R {
    do {
        return try body()
    } catch let error as any ExitStatusProviding {
        throw error
    } catch {
        throw UserError("\(error)", exitStatus: exitStatus)
    }
}
