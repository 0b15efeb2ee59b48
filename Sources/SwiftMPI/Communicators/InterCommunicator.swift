internal import CMPI

/// A communicator of two groups, each of which sends to the other.
///
/// `rank`, `size` and `group` are those of this side. Wherever a call takes or gives the rank of a partner, such as
/// `dest`, `source` and ``Status/source``, it is a rank of the other side. Collective calls with a root move data
/// between one rank of one side, which gives ``MPI/root`` as the root, and all of the other side, which give its rank;
/// its companions give ``MPI/procNull``. Collective calls without a root give each side what the other contributed. The
/// lowercase collective calls are for one group; they refuse an inter-communicator.
///
/// MPI: inter-communicators, MPI-3.1 §6.6.
public final class InterCommunicator: Communicator {
    /// How many ranks the other side has.
    ///
    /// MPI: `MPI_Comm_remote_size`, MPI-3.1 §6.6.1.
    public var remoteSize: Int { peerCount }

    /// The ranks of the other side.
    ///
    /// MPI: `MPI_Comm_remote_group`, MPI-3.1 §6.6.1.
    public var remoteGroup: Group {
        get throws(MPIError) {
            var new = CMPI_GROUP_NULL()
            try check("MPI_Comm_remote_group", MPI_Comm_remote_group(handle, &new))
            return try Group(unwrapped(new))
        }
    }

    /// Makes one communicator of both sides.
    ///
    /// Collective over both sides.
    ///
    /// - Parameter high: Whether this side's ranks come after the other's; the same on all ranks of a side. If both
    ///   sides say the same, MPI chooses.
    ///
    /// MPI: `MPI_Intercomm_merge`, MPI-3.1 §6.6.2.
    public func merge(high: Bool) throws(MPIError) -> Communicator {
        var new = CMPI_COMM_NULL()
        try check("MPI_Intercomm_merge", MPI_Intercomm_merge(handle, high ? 1 : 0, &new))
        return try Communicator(unwrapped(new), from: self)
    }

    /// Divides both sides into disjoint inter-communicators, one a color.
    ///
    /// Collective over both sides.
    ///
    /// - Parameters:
    ///   - color: Not negative; ranks of the same color, on either side, come together. `nil`: this rank joins none.
    ///   - key: Orders the ranks within this side of the new communicator; ties keep their order here.
    /// - Returns: The communicator of this rank's color; `nil` if its color was, or the other side does not have it.
    ///
    /// MPI: `MPI_Comm_split`, MPI-3.1 §6.4.2.
    public override func split(color: Int?, key: Int = 0) throws(MPIError) -> InterCommunicator? {
        try part(color: color, key: key)
    }

    /// Makes an inter-communicator of some of the ranks of both sides.
    ///
    /// Collective over both sides.
    ///
    /// - Parameter group: The members on this side, in the order of their new ranks.
    /// - Returns: The communicator; `nil` on ranks outside the group, and where the other side's group is empty.
    /// - Throws: ``MPIError`` for a group with members that this side does not have.
    ///
    /// MPI: `MPI_Comm_create`, MPI-3.1 §6.4.2.
    public override func create(group: Group) throws(MPIError) -> InterCommunicator? { try part(group: group) }
}

extension Communicator {
    /// Connects this communicator's ranks with those of another.
    ///
    /// Collective over the ranks of both. One rank of each, its leader, must be able to reach the other's: both are
    /// ranks of `peer`.
    ///
    /// - Parameters:
    ///   - localLeader: The leader's rank here; the same on all ranks of this communicator.
    ///   - peer: A communicator of both leaders; unused on other ranks.
    ///   - remoteLeader: The other leader's rank in `peer`; unused on other ranks than the leader.
    ///   - tag: For the messages between the leaders in `peer`; the same on both.
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
