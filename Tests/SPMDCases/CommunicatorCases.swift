import SwiftMPI

var communicatorCases: [Case] {
    [
        Case("dup separates messages") { world in
            let other = try world.dup()
            try expect([other.rank, other.size], equals: [world.rank, world.size])
            let (left, right) = ringNeighbors(world)
            if world.size == 1 { return }
            try world.send("world", dest: right, tag: 1)
            try other.send("other", dest: right, tag: 1)
            try expect(try other.recv(String.self, source: left, tag: 1), equals: "other")
            try expect(try world.recv(String.self, source: left, tag: 1), equals: "world")
        },
        Case("split by color and key") { world in
            // Odd and even ranks, in reverse order; rank 0 stays out.
            let color = world.rank == 0 ? nil : world.rank % 2
            let part = try world.split(color: color, key: -world.rank)
            if world.rank == 0 { return try expect(part == nil) }
            let members = (1..<world.size).filter { $0 % 2 == color }.sorted(by: >)
            try expect(part?.size, equals: members.count)
            try expect(part?.rank, equals: members.firstIndex(of: world.rank))
            try expect(try part?.Allreduce(world.rank, op: .sum), equals: members.reduce(0, +))
        },
        Case("a negative color is refused") { world in
            try expectThrow { _ = try world.split(color: -3) }
        },
        Case("a duplicate is congruent, and of the same kind") { world in
            try expect(try world.compare(with: world), equals: .identical)
            let other = try world.dup()
            try expect(try world.compare(with: other), equals: .congruent)
            try expect(try other.compare(with: world), equals: .congruent)
            let grid = try world.cartesian(dimensions: [world.size], periodic: [true])!
            let another: CartesianCommunicator = try grid.dup()
            try expect(another.dimensions, equals: [world.size])
            try expect(another.periodic, equals: [true])
            try expect(try grid.compare(with: another), equals: .congruent)
        },
        Case("communicators of other ranks, or in another order, compare so") { world in
            let reversed = try world.split(color: 0, key: -world.rank)!
            try expect(try world.compare(with: reversed), equals: world.size == 1 ? .congruent : .similar)
            let own = try MPI.ownCommunicator()
            try expect(try own.compare(with: world), equals: world.size == 1 ? .congruent : .unequal)
        },
        Case("idup makes a duplicate while messages pass") { world in
            let (left, right) = ringNeighbors(world)
            let pending = try world.idup()
            try expect(try world.sendrecv(world.rank, dest: right, source: left), equals: left)
            let other = try pending.wait()
            try expect(try world.compare(with: other), equals: .congruent)
            try expect(try other.Allreduce(1, op: .sum), equals: world.size)
        },
        Case("idup of a grid is a grid, and tells when it is ready") { world in
            let grid = try world.cartesian(dimensions: [world.size])!
            var pending = try grid.idup()
            while try !pending.test() {}
            try expect((try pending.wait() as? CartesianCommunicator)?.dimensions, equals: [world.size])
        },
        Case("names") { world in
            try expect(try world.name, equals: "MPI_COMM_WORLD")
            try expect(try MPI.ownCommunicator().name, equals: "MPI_COMM_SELF")
            let other = try world.dup()
            for name in ["ocean", "", "Größe α", String(repeating: "x", count: 63)] {
                try other.setName(name)
                try expect(try other.name, equals: name)
            }
            try expect(try world.name, equals: "MPI_COMM_WORLD")
        },
        Case("a name too long is refused and changes nothing") { world in
            let other = try world.dup()
            try other.setName("short")
            try expectThrow {
                try other.setName(String(repeating: "x", count: 1000))
            } where: { error in
                try expect((error as? MPIError)?.class, equals: .argument)
            }
            try expect(try other.name, equals: "short")
        },
        Case("hints are taken, unknown ones too") { world in
            for info: Info in [[:], ["no_such_hint": "1"], ["mpi_assert_no_any_tag": "true"]] {
                let other = try world.dup(info: info)
                try expect(try world.compare(with: other), equals: .congruent)
                try other.setInfo(info)
                try other.setInfo(try other.info)
            }
        },
        Case("create makes a communicator of a group's members, in its order") { world in
            let last = world.size - 1
            let reversedWithoutFirst = try world.group.including((0..<last).map { last - $0 })
            let part = try world.create(group: reversedWithoutFirst)
            if world.rank == 0 { return try expect(part == nil) }
            try expect(part?.size, equals: last)
            try expect(part?.rank, equals: last - world.rank)
            try expect(try part?.Allreduce(world.rank, op: .sum), equals: world.size * last / 2)
        },
        Case("create makes several communicators of disjoint groups at once") { world in
            let mine = try world.group.including(stride(from: world.rank % 2, to: world.size, by: 2))
            let part = try world.create(group: mine)!
            try expect([part.rank, part.size], equals: [world.rank / 2, mine.size])
        },
        Case("create of the empty group makes none") { world in
            try expect(try world.create(group: .empty) == nil)
        },
        Case("createGroup is called by the members alone") { world in
            let odd = try world.group.including(stride(from: 1, to: world.size, by: 2))
            if odd.rank == nil {
                return try expectThrow {
                    _ = try world.createGroup(odd)
                } where: { error in
                    try expect((error as? MPIError)?.class, equals: .group)
                }
            }
            let part = try world.createGroup(odd, tag: 3)
            try expect([part.rank, part.size], equals: [world.rank / 2, odd.size])
            try expect(try part.compare(with: try part.createGroup(part.group)), equals: .congruent)
        },
        Case("groups with members from outside, and tags out of range, are refused") { world in
            let own = try MPI.ownCommunicator()
            if world.size > 1 {
                for make in [{ try own.create(group: $0) }, { try own.createGroup($0) }] as [(Group) throws -> Any?] {
                    try expectThrow {
                        _ = try make(try world.group)
                    } where: { error in
                        try expect((error as? MPIError)?.class, equals: .group)
                    }
                }
            }
            try expectThrow {
                _ = try own.createGroup(try own.group, tag: -1)
            } where: { error in
                try expect((error as? MPIError)?.class, equals: .tag)
            }
        },
        Case("some ranks may stay out of the split by memory") { world in
            for joining in 0..<world.size {
                let part = try world.splitBySharedMemory(joining: world.rank == joining)
                try expect(part?.size, equals: world.rank == joining ? 1 : nil)
            }
        },
        Case("a failed call on a derived communicator throws and ends nothing") { world in
            let derived = [
                try world.dup(), try world.split(color: 0)!, try world.create(group: world.group)!,
                try world.createGroup(world.group), try world.splitBySharedMemory(),
                try world.cartesian(dimensions: [world.size])!,
            ]
            for communicator in derived where communicator.size > 1 {
                if communicator.rank == 0 { try communicator.Send([1, 2, 3], dest: 1) }
                if communicator.rank == 1 {
                    var room = [0, 0]
                    try expectThrow {
                        try communicator.Recv(into: &room, source: 0)
                    } where: { error in
                        try expect((error as? MPIError)?.class, equals: .truncated)
                    }
                }
            }
        },
        Case("ranks of one machine share memory") { world in
            try expect(try world.splitBySharedMemory().size, equals: world.size)
        },
        Case("the process's own communicator") { world in
            let own = try MPI.ownCommunicator()
            try expect([own.rank, own.size], equals: [0, 1])
            try expect(try own.Allreduce(world.rank, op: .sum), equals: world.rank)
        },
        Case("communicators are freed: any number can be made one after the other") { world in
            // More than MPICH can have at a time. With more ranks than cores each takes milliseconds.
            for _ in 0..<(world.size <= 2 ? 3000 : 100) { try expect(try world.dup().size, equals: world.size) }
        },
        Case("together passes values through when all is well") { world in
            try expect(try world.failingTogether { world.rank }, equals: world.rank)
        },
        Case("together fails on all ranks with the words of the first that failed") { world in
            for failing in 0..<world.size {
                try expectThrow {
                    try world.failingTogether {
                        if world.rank >= failing { throw Unmet(description: "rank \(world.rank)") }
                    }
                } where: { error in
                    try expect(error as? JobFailure, equals: JobFailure(message: "rank \(failing)", exitStatus: 1))
                }
            }
        },
        Case("together keeps the exit status") { world in
            try expectThrow {
                try world.failingTogether {
                    if world.rank == world.size - 1 { throw JobFailure(message: "full", exitStatus: 74) }
                }
            } where: { error in
                try expect(error as? JobFailure, equals: JobFailure(message: "full", exitStatus: 74))
            }
        },
    ]
}
