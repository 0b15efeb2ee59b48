internal import CMPI

/// The relation between two groups or two communicators.
///
/// MPI: `MPI_IDENT` and the others, MPI-3.1 §6.3.1, §6.4.1.
public enum Comparison: Hashable, Sendable {
    /// Groups: the same processes in the same order. Communicators: the same communicator (`MPI_IDENT`).
    case identical
    /// Communicators: the same processes in the same order, with separate contexts for messages (`MPI_CONGRUENT`).
    case congruent
    /// The same processes in a different order (`MPI_SIMILAR`).
    case similar
    /// Different processes (`MPI_UNEQUAL`).
    case unequal

    init(_ result: CInt) {
        switch result {
        case CMPI_IDENT(): self = .identical
        case CMPI_CONGRUENT(): self = .congruent
        case CMPI_SIMILAR(): self = .similar
        default: self = .unequal
        }
    }
}

extension Communicator {
    /// Compares this communicator with another.
    ///
    /// MPI: `MPI_Comm_compare`, MPI-3.1 §6.4.1.
    public final func compare(with other: Communicator) throws(MPIError) -> Comparison {
        var result: CInt = 0
        try check("MPI_Comm_compare", MPI_Comm_compare(handle, other.handle, &result))
        return Comparison(result)
    }
}

extension Group {
    /// Compares this group with another.
    ///
    /// MPI: `MPI_Group_compare`, MPI-3.1 §6.3.1.
    public func compare(with other: Group) throws(MPIError) -> Comparison {
        var result: CInt = 0
        try check("MPI_Group_compare", MPI_Group_compare(handle, other.handle, &result))
        return Comparison(result)
    }
}

extension Group: Equatable {
    /// Returns whether two groups have the same members in the same order; also `false` if MPI cannot compare them.
    public static func == (one: Group, other: Group) -> Bool { (try? one.compare(with: other)) == .identical }
}
