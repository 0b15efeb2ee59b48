import SwiftMPI

/// Groups are local: every case could run on one rank, and runs on all. `members` gives what a group consists of.
var groupCases: [Case] {
    [
        Case("a communicator's group has its size and rank") { world in
            for communicator in [world, try MPI.ownCommunicator(), try world.dup()] {
                let group = try communicator.group
                try expect(group.size, equals: communicator.size)
                try expect(group.rank, equals: communicator.rank)
                try expect(!group.isEmpty)
            }
        },
        Case("the empty group") { world in
            let empty = try Group.empty
            try expect(empty.isEmpty)
            try expect(empty.size, equals: 0)
            try expect(empty.rank, equals: nil)
            try expect(try empty.translate([], to: world.group), equals: [])
            try expect(try world.group.translate(0..<world.size, to: empty), equals: world.ranks.map { _ in nil })
        },
        Case("the empty group is neutral, and a group is idempotent") { world in
            let empty = try Group.empty
            for group in [try world.group, try MPI.ownCommunicator().group, empty] {
                try expect(
                    try group.union(empty) == group && empty.union(group) == group && group.union(group) == group)
                try expect(try group.intersection(empty) == empty && empty.intersection(group) == empty)
                try expect(try group.intersection(group) == group)
                try expect(try group.subtracting(empty) == group && empty.subtracting(group) == empty)
                try expect(try group.subtracting(group) == empty)
                try expect(try group.including([]) == empty && group.excluding([]) == group)
                try expect(try group.including(ranges: []) == empty && group.excluding(ranges: []) == group)
                let all = [(first: 0, last: group.size - 1, stride: 1)]
                try expect(try group.including(ranges: all) == group && group.excluding(ranges: all) == empty)
            }
        },
        Case("set operations keep the order of the first group, then that of the second") { world in
            for cut in world.ranks {
                let low = try world.group.including((0...cut).reversed())
                let even = try world.group.including(stride(from: 0, to: world.size, by: 2))
                let isEven = { $0 % 2 == 0 }
                let lowRanks = Array((0...cut).reversed())
                let evenRanks = world.ranks.filter(isEven)
                try expect(
                    try members(low.union(even), world), equals: lowRanks + evenRanks.filter { $0 > cut })
                try expect(try members(low.intersection(even), world), equals: lowRanks.filter(isEven))
                try expect(try members(low.subtracting(even), world), equals: lowRanks.filter { !isEven($0) })
                try expect(try members(even.subtracting(low), world), equals: evenRanks.filter { $0 > cut })
            }
        },
        Case("including and excluding by rank") { world in
            let reversed = try world.group.including(world.ranks.reversed())
            try expect(try members(reversed, world), equals: world.ranks.reversed())
            try expect(reversed.rank, equals: world.size - 1 - world.rank)
            for rank in world.ranks {
                let others = try world.group.excluding([rank])
                try expect(try members(others, world), equals: world.ranks.filter { $0 != rank })
                try expect(others.rank, equals: world.rank == rank ? nil : world.rank - (world.rank > rank ? 1 : 0))
            }
        },
        Case("including and excluding by strided ranges") { world in
            let last = world.size - 1
            let ranges: [([Group.StridedRange], [Int])] = [
                ([(0, last, 2)], Array(stride(from: 0, through: last, by: 2))),
                ([(last, 0, -1)], world.ranks.reversed()),
                ([(last, 0, -3)], Array(stride(from: last, through: 0, by: -3))),
                ([(0, 0, 5), (last, 1, -1)], last >= 1 ? [0] + (1...last).reversed() : [0]),
                // The end need not be met, and may lie beyond the last rank.
                ([(0, last + 1, last + 2)], [0]),
                ([(last, Int.max - 1, Int.max)], [last]),
                // Neither a rank from 1 up to 0 nor an error.
                ([(1, 0, 1)], []),
            ]
            for (ranges, ranks) in ranges {
                try expect(try members(world.group.including(ranges: ranges), world), equals: ranks)
                try expect(
                    try members(world.group.excluding(ranges: ranges), world),
                    equals: world.ranks.filter { !ranks.contains($0) })
            }
        },
        Case("ranks outside the group or named twice are refused") { world in
            let group = try world.group
            let size = world.size
            for ranks in [[size], [-1], [0, 0], [Int.max], [Int.min], [MPI.procNull]] {
                try expectRefused(.rank) { _ = try group.including(ranks) }
                try expectRefused(.rank) { _ = try group.excluding(ranks) }
            }
            for ranges in [[(0, size, 1)], [(0, 0, 1), (0, 0, 1)], [(-1, 0, 1)], [(0, Int.max, 1)]] {
                let ranges = ranges.map { (first: $0.0, last: $0.1, stride: $0.2) }
                try expectRefused(.rank) { _ = try group.including(ranges: ranges) }
                try expectRefused(.rank) { _ = try group.excluding(ranges: ranges) }
            }
            try expectRefused(.argument) { _ = try group.including(ranges: [(0, 0, 0)]) }
            try expectRefused(.rank) { _ = try Group.empty.including([0]) }
            try expectRefused(.rank) { _ = try group.translate([size], to: group) }
        },
        Case("ranks translate between groups, any number of times each") { world in
            let reversed = try world.group.including(world.ranks.reversed())
            let asked = Array(world.ranks) + Array(world.ranks)
            try expect(try world.group.translate(asked, to: reversed), equals: asked.map { world.size - 1 - $0 })
            let own = try MPI.ownCommunicator().group
            try expect(try own.translate([0], to: world.group), equals: [world.rank])
            try expect(try world.group.translate(asked, to: own), equals: asked.map { $0 == world.rank ? 0 : nil })
            let none = [MPI.procNull, MPI.procNull]
            try expect(try world.group.translate(none, to: reversed), equals: none)
        },
        Case("groups compare as identical, similar and unequal") { world in
            let group = try world.group
            let reversed = try group.including(world.ranks.reversed())
            try expect(try group.compare(with: group), equals: .identical)
            try expect(try group.compare(with: world.dup().group), equals: .identical)
            try expect(try group.compare(with: reversed), equals: world.size == 1 ? .identical : .similar)
            try expect(try group.compare(with: .empty), equals: .unequal)
            try expect((group == reversed) == (world.size == 1))
            try expect(try group != Group.empty)
        },
        Case("a group outlives its communicator, and its copies each other") { world in
            var group: Group? = try world.dup().group
            let copy = group!
            group = nil
            try expect(try members(copy, world), equals: Array(world.ranks))
        },
        Case("groups are freed: any number can be made one after the other") { world in
            // More than MPICH can have at a time.
            for _ in 0..<100_000 { try expect(try world.group.including([0]).size, equals: 1) }
        },
    ]
}

/// The ranks that a group's members have in a communicator.
private func members(_ group: Group, _ world: Communicator) throws -> [Int] {
    try group.translate(0..<group.size, to: world.group).map { $0! }
}

/// Throws unless `body` is refused with an error of a class.
func expectRefused(
    _ errorClass: MPIError.Class, file: String = #fileID, line: Int = #line, _ body: () throws -> Void
) throws {
    try expectThrow(body, file: file, line: line) { error in
        try expect((error as? MPIError)?.class, equals: errorClass, file: file, line: line)
    }
}

extension Communicator {
    var ranks: Range<Int> { 0..<size }
}
