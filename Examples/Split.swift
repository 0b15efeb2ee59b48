// Splitting: even and odd ranks get communicators of their own, in reverse order, which an inter-communicator connects
// again. Then the first and the last rank get a communicator from a group.
//
//     mpiexec -n 4 split

import SwiftMPI

try MPI.run { world in
    // Ranks of the same color get one communicator, in the order of their keys.
    let isOdd = !world.rank.isMultiple(of: 2)
    let half = try world.split(color: isOdd ? 1 : 0, key: -world.rank)!
    let companions = stride(from: isOdd ? 1 : 0, to: world.size, by: 2)
    precondition(half.size == Array(companions).count)
    let members = try half.allgather(world.rank)
    precondition(members == companions.reversed())

    // The two leaders, which have rank 0 in their halves, are the last even and the last odd rank of `world`.
    if world.size > 1 {
        let lastEven = (world.size - 1) / 2 * 2
        let lastOdd = (world.size - 2) / 2 * 2 + 1
        let other = try half.createInter(peer: world, remoteLeader: isOdd ? lastEven : lastOdd)
        precondition(other.size + other.remoteSize == world.size)
        // Each side gets the other's sum.
        let sum = try other.Allreduce(world.rank, op: .sum)
        precondition(sum == stride(from: isOdd ? 0 : 1, to: world.size, by: 2).reduce(0, +))
        let all = try other.merge(high: isOdd)
        precondition(all.size == world.size && all.rank == (isOdd ? other.remoteSize : 0) + half.rank)
    }

    // Groups are local, but creating a communicator from a group is collective. Ranks outside the group get none.
    let endRanks = world.size == 1 ? [0] : [0, world.size - 1]
    let ends = try world.group.including(endRanks)
    if let pair = try world.create(group: ends) {
        try pair.setName("first and last")
        let found = try pair.allgather(world.rank)
        precondition(found == endRanks)
    } else {
        precondition(ends.rank == nil)
    }

    if world.rank == 0 { print("\(world.size) ranks: \(half.size) even, \(world.size - half.size) odd") }
}
