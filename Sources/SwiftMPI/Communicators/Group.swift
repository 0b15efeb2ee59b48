public import CMPI

/// An ordered set of processes, from which communicators are made.
///
/// A value: the operations make new groups and leave their operands as they are. Groups are local, so no rank waits for
/// another here. Equal are groups of the same processes in the same order.
///
/// MPI: `MPI_Group`, MPI-3.1 §6.2.1, §6.3.
public struct Group {
    /// How many processes it has.
    public let size: Int
    /// This process's number in the group; `nil` if it is not a member.
    public let rank: Int?
    private let storage: Storage

    /// MPI's own handle, valid as long as some copy of this value.
    public var handle: MPI_Group { storage.handle }

    /// Takes over a handle, also when it then throws.
    init(_ handle: MPI_Group) throws(MPIError) {
        storage = Storage(handle)
        var size: CInt = 0
        var rank: CInt = 0
        try check("MPI_Group_size", MPI_Group_size(handle, &size))
        try check("MPI_Group_rank", MPI_Group_rank(handle, &rank))
        self.size = Int(size)
        self.rank = rank == CMPI_UNDEFINED() ? nil : Int(rank)
    }

    /// The group without members.
    ///
    /// MPI: `MPI_GROUP_EMPTY`, MPI-3.1 §6.2.1.
    public static var empty: Group {
        get throws(MPIError) {
            try MPI.requireRunning("MPI_Group_size")
            return try Group(unwrapped(CMPI_GROUP_EMPTY()))
        }
    }

    /// Whether it has no members.
    public var isEmpty: Bool { size == 0 }

    /// Frees the handle with the last copy of the value.
    private final class Storage {
        let handle: MPI_Group

        init(_ handle: MPI_Group) { self.handle = handle }

        deinit {
            var handle = CMPI_GROUP_EMPTY()
            if self.handle == handle || !MPI.isRunning { return }
            handle = self.handle
            MPI_Group_free(&handle)
        }
    }
}

extension Communicator {
    /// The communicator's ranks; of an ``InterCommunicator``, those of this side.
    ///
    /// MPI: `MPI_Comm_group`, MPI-3.1 §6.3.2.
    public final var group: Group {
        get throws(MPIError) {
            var new = CMPI_GROUP_NULL()
            try check("MPI_Comm_group", MPI_Comm_group(handle, &new))
            return try Group(unwrapped(new))
        }
    }
}

// Operations on sets. The result keeps the order of the first group, then that of the second.
extension Group {
    /// The members of this group, then those only the other has.
    ///
    /// MPI: `MPI_Group_union`, MPI-3.1 §6.3.2.
    public func union(_ other: Group) throws(MPIError) -> Group {
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_union", MPI_Group_union(handle, other.handle, &new))
        return try Group(unwrapped(new))
    }

    /// The members of this group that the other has too.
    ///
    /// MPI: `MPI_Group_intersection`, MPI-3.1 §6.3.2.
    public func intersection(_ other: Group) throws(MPIError) -> Group {
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_intersection", MPI_Group_intersection(handle, other.handle, &new))
        return try Group(unwrapped(new))
    }

    /// The members of this group that the other has not.
    ///
    /// MPI: `MPI_Group_difference`, MPI-3.1 §6.3.2.
    public func subtracting(_ other: Group) throws(MPIError) -> Group {
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_difference", MPI_Group_difference(handle, other.handle, &new))
        return try Group(unwrapped(new))
    }
}
