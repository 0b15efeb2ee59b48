public import CMPI

/// An ordered set of processes, from which communicators are created.
///
/// A group is a value: operations return new groups and leave their operands unchanged. All operations are local, so no
/// rank waits for another. Two groups are equal if they have the same processes in the same order.
///
/// MPI: `MPI_Group`, MPI-3.1 §6.2.1, §6.3.
public struct Group {
    /// The number of processes in the group.
    public let size: Int
    /// This process's rank in the group, or `nil` if it is not a member.
    public let rank: Int?
    private let storage: Storage

    /// MPI's own handle, valid as long as a copy of this value exists.
    public var handle: MPI_Group { storage.handle }

    /// Takes ownership of a handle, even if the initializer throws.
    init(_ handle: MPI_Group) throws(MPIError) {
        storage = Storage(handle)
        var size: CInt = 0
        var rank: CInt = 0
        try check("MPI_Group_size", MPI_Group_size(handle, &size))
        try check("MPI_Group_rank", MPI_Group_rank(handle, &rank))
        self.size = Int(size)
        self.rank = rank == CMPI_UNDEFINED() ? nil : Int(rank)
    }

    /// The empty group.
    ///
    /// MPI: `MPI_GROUP_EMPTY`, MPI-3.1 §6.2.1.
    public static var empty: Group {
        get throws(MPIError) {
            try MPI.requireRunning("MPI_Group_size")
            return try Group(unwrapped(CMPI_GROUP_EMPTY()))
        }
    }

    /// Whether the group is empty.
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
    /// The group of the communicator's ranks; for an ``InterCommunicator``, its local group.
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

// Set operations. The result keeps the order of the first group, followed by that of the second.
extension Group {
    /// Returns the members of this group, followed by those that only the other group has.
    ///
    /// MPI: `MPI_Group_union`, MPI-3.1 §6.3.2.
    public func union(_ other: Group) throws(MPIError) -> Group {
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_union", MPI_Group_union(handle, other.handle, &new))
        return try Group(unwrapped(new))
    }

    /// Returns the members of this group that are also in the other group.
    ///
    /// MPI: `MPI_Group_intersection`, MPI-3.1 §6.3.2.
    public func intersection(_ other: Group) throws(MPIError) -> Group {
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_intersection", MPI_Group_intersection(handle, other.handle, &new))
        return try Group(unwrapped(new))
    }

    /// Returns the members of this group that are not in the other group.
    ///
    /// MPI: `MPI_Group_difference`, MPI-3.1 §6.3.2.
    public func subtracting(_ other: Group) throws(MPIError) -> Group {
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_difference", MPI_Group_difference(handle, other.handle, &new))
        return try Group(unwrapped(new))
    }
}
