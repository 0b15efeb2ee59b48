internal import CMPI

/// A communicator of two groups, each of which sends to the other.
///
/// `rank`, `size` and `group` describe the local group. The rank of a partner, such as `dest`, `source` and
/// ``Status/source``, is always a rank in the remote group.
///
/// A collective call with a root moves data between the root and all ranks of the other group. The root passes
/// ``MPI/root`` as the root, the other ranks of its group pass ``MPI/procNull``, and the ranks of the other group pass
/// the root's rank. In a collective call without a root, each group receives what the other contributed.
///
/// The lowercase collective calls support only a single group and throw on an inter-communicator.
///
/// MPI: inter-communicators, MPI-3.1 §6.6.
public final class InterCommunicator: Communicator {
    /// The number of ranks in the remote group.
    ///
    /// MPI: `MPI_Comm_remote_size`, MPI-3.1 §6.6.1.
    public var remoteSize: Int { peerCount }

    /// The remote group.
    ///
    /// MPI: `MPI_Comm_remote_group`, MPI-3.1 §6.6.1.
    public var remoteGroup: Group {
        get throws(MPIError) {
            var new = CMPI_GROUP_NULL()
            try check("MPI_Comm_remote_group", MPI_Comm_remote_group(handle, &new))
            return try Group(unwrapped(new))
        }
    }

    /// Merges both groups into one communicator.
    ///
    /// Collective over both groups.
    ///
    /// - Parameter high: Whether the ranks of the local group come after those of the remote group; must be the same on
    ///   all ranks of a group. If both groups pass the same value, MPI chooses the order.
    ///
    /// MPI: `MPI_Intercomm_merge`, MPI-3.1 §6.6.2.
    public func merge(high: Bool) throws(MPIError) -> Communicator {
        var new = CMPI_COMM_NULL()
        try check("MPI_Intercomm_merge", MPI_Intercomm_merge(handle, high ? 1 : 0, &new))
        return try Communicator(unwrapped(new), from: self)
    }

    /// Splits both groups into disjoint inter-communicators, one for each color.
    ///
    /// Collective over both groups.
    ///
    /// - Parameters:
    ///   - color: Ranks with the same color, in either group, join the same inter-communicator; must not be negative. A
    ///     rank with color `nil` joins none.
    ///   - key: Orders the ranks within the local group of the new communicator; ranks with equal keys keep their
    ///     current order.
    /// - Returns: The communicator of this rank's color, or `nil` if the color is `nil` or no rank of the remote group
    ///   has it.
    ///
    /// MPI: `MPI_Comm_split`, MPI-3.1 §6.4.2.
    public override func split(color: Int?, key: Int = 0) throws(MPIError) -> InterCommunicator? {
        try part(color: color, key: key)
    }

    /// Creates an inter-communicator of some of the ranks of both groups.
    ///
    /// Collective over both groups.
    ///
    /// - Parameter group: The members from the local group, in the order of their new ranks.
    /// - Returns: The communicator, or `nil` on ranks outside the group and if the group on the other side is empty.
    /// - Throws: ``MPIError`` for a group with members that are not in the local group.
    ///
    /// MPI: `MPI_Comm_create`, MPI-3.1 §6.4.2.
    public override func create(group: Group) throws(MPIError) -> InterCommunicator? { try part(group: group) }
}

extension Communicator {
    /// Connects this communicator's ranks with those of another.
    ///
    /// Collective over the ranks of both communicators. Each side has a leader; both leaders must be ranks of `peer`,
    /// through which they reach each other.
    ///
    /// - Parameters:
    ///   - localLeader: The rank of this side's leader; must be the same on all ranks of this communicator.
    ///   - peer: A communicator that contains both leaders; unused on other ranks.
    ///   - remoteLeader: The rank of the other leader in `peer`; unused on ranks other than the leader.
    ///   - tag: The tag of the messages between the leaders in `peer`; must be the same on both sides.
    ///
    /// MPI: `MPI_Intercomm_create`, MPI-3.1 §6.6.2.
    public final func createInter(
        localLeader: Int = 0, peer: Communicator, remoteLeader: Int, tag: Int = 0
    ) throws(MPIError) -> InterCommunicator {
        let function: StaticString = "MPI_Intercomm_create"
        try requireIntra(function)
        guard (0..<size).contains(localLeader) else { throw badRank(localLeader, function) }
        if rank == localLeader {
            guard (0..<peer.peerCount).contains(remoteLeader) else { throw peer.badRank(remoteLeader, function) }
            if remoteLeader == peer.rank && !peer.isInter {
                throw MPIError(
                    refused: function, .rank, "rank \(remoteLeader) cannot lead both sides")
            }
        }
        let tag = try cTag(tag, function)
        var new = CMPI_COMM_NULL()
        let code = MPI_Intercomm_create(
            handle, CInt(localLeader), peer.handle, CInt(truncatingIfNeeded: remoteLeader), tag, &new)
        try check(function, code)
        return try InterCommunicator(unwrapped(new), from: self)
    }
}
