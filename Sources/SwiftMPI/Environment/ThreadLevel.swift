internal import CMPI

/// The thread support that MPI provides: how a program's threads may use MPI.
///
/// MPI: MPI-3.1 §12.4.3.
public struct ThreadLevel: RawRepresentable, Comparable, Hashable, Sendable {
    public let rawValue: CInt
    public init(rawValue: CInt) { self.rawValue = rawValue }

    /// The process has one thread (`MPI_THREAD_SINGLE`).
    public static var single: ThreadLevel { ThreadLevel(rawValue: CInt(MPI_THREAD_SINGLE)) }
    /// Only the thread that called ``MPI/run(threads:_:)`` makes MPI calls (`MPI_THREAD_FUNNELED`).
    public static var funneled: ThreadLevel { ThreadLevel(rawValue: CInt(MPI_THREAD_FUNNELED)) }
    /// Any thread makes MPI calls, one at a time (`MPI_THREAD_SERIALIZED`).
    public static var serialized: ThreadLevel { ThreadLevel(rawValue: CInt(MPI_THREAD_SERIALIZED)) }
    /// Any thread makes MPI calls at any time (`MPI_THREAD_MULTIPLE`); small messages become more expensive.
    public static var multiple: ThreadLevel { ThreadLevel(rawValue: CInt(MPI_THREAD_MULTIPLE)) }

    public static func < (lower: ThreadLevel, higher: ThreadLevel) -> Bool { lower.rawValue < higher.rawValue }
}

extension ThreadLevel: CustomStringConvertible {
    public var description: String {
        switch self {
        case .single: "single"
        case .funneled: "funneled"
        case .serialized: "serialized"
        default: "multiple"
        }
    }
}
