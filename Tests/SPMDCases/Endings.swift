import FoundationEssentials
import Glibc
import SwiftMPI

/// Ways a job can end other than well, for the tests that look at its messages and its exit status.
var endings: [String: (Communicator) throws -> Void] {
    [
        "well": { _ in },
        "overrun": { _ in
            _ = try Interposer.guarding {
                let block = UnsafeMutableRawPointer.allocate(byteCount: 24, alignment: 8)
                block.storeBytes(of: 1, toByteOffset: 24, as: UInt8.self)
                block.deallocate()
            }
        },
        "uncaught-error": { world in
            if world.rank == world.size - 1 { throw Unmet(description: "the sky fell") }
            try waitForever(world)
        },
        // The others have nothing left to do and wait in MPI_Finalize.
        "error-after-the-others": { world in
            if world.rank == world.size - 1 { throw Unmet(description: "the sky fell") }
        },
        // Nobody but the others says so.
        "error-of-a-peer": { world in
            do {
                _ = try world.allgather(Stopping(stops: world.rank == world.size - 1))
            } catch is JobStopped {
                try waitForever(world)
            }
        },
        "uncaught-error-with-status": { world in
            if world.rank == world.size - 1 { throw JobStopped() }
            try waitForever(world)
        },
        "localized-error": { world in
            if world.rank == world.size - 1 { throw Localized.full }
            try waitForever(world)
        },
        "localized-error-of-all": { world in
            try world.failingTogether { if world.rank == world.size - 1 { throw Localized.full } }
        },
        "described-error": { world in
            if world.rank == world.size - 1 { throw LocalizedAndDescribed() }
            try waitForever(world)
        },
        "c-abort": { world in
            if world.rank == world.size - 1 { abort() }
            try waitForever(world)
        },
        "operation": { world in
            let sum = try ReductionOperation<Int> { $0 + $1 }
            if world.rank == world.size - 1 {
                // On one rank a reduction combines nothing.
                var higher = [Int.max]
                try sum.combine([1], into: &higher)
            }
            try waitForever(world)
        },
        "recursion": { world in
            if world.rank == world.size - 1 { print(depth(world.size)) }
            try waitForever(world)
        },
        "division": { world in
            if world.rank == world.size - 1 { raise(SIGFPE) }
            try waitForever(world)
        },
        "start-of-active-request": { world in
            if world.rank == world.size - 1 {
                var buffer = [0.0]
                var request = try world.Recv_init(into: buffer.mutableSpan, source: world.rank, tag: 5)
                try request.start()
                try request.start()
            }
            try waitForever(world)
        },
        "fields-that-overlap": { world in
            if world.rank == world.size - 1 { try world.Send([Overlapping()], dest: world.rank) }
            try waitForever(world)
        },
        "array-of-another-size": { world in
            if world.rank == world.size - 1 { _ = NDArray(shape: [2, 2], elements: [1, 2, world.size]) }
            try waitForever(world)
        },
        "no-element-of-an-array": { world in
            if world.rank == world.size - 1 { _ = NDArray(shape: [2, 2], elements: [1, 2, 3, 4])[0, world.rank + 2] }
            try waitForever(world)
        },
        "printed-then-thrown": { world in
            try lastRankPrints(world)
            if world.rank == world.size - 1 { throw Unmet(description: "the sky fell") }
            try waitForever(world)
        },
        "printed-then-aborted": { world in
            try lastRankPrints(world)
            if world.rank == world.size - 1 { world.abort(status: 17) }
            try waitForever(world)
        },
        "printed-then-dropped": { world in
            try lastRankPrints(world)
            if world.rank == world.size - 1 { _ = try world.Irecv(into: [0.0], source: world.rank, tag: 5) }
            try waitForever(world)
        },
        "printed-then-trapped": { world in
            try lastRankPrints(world)
            if world.rank == world.size - 1 { precondition(world.size < 0) }
            try waitForever(world)
        },
        "printed-then-failed": { world in
            try lastRankPrints(world)
            throw JobFailure(message: "no disk", exitStatus: 74)
        },
        "mpi-error": { world in
            if world.rank == world.size - 1 { try world.Send([1.0], dest: world.size) }
            try waitForever(world)
        },
        "dropped-collective": { world in
            if world.rank == world.size - 1 { _ = try world.Iallreduce(inPlace: [1.0], op: .sum) }
            try waitForever(world)
        },
        "dropped-by-an-error": { world in
            if world.rank == world.size - 1 {
                let request = try world.Iallgather([1.0], into: [Double](repeating: 0, count: world.size))
                try world.Send([1.0], dest: world.size)
                _ = try request.wait()
            }
            try waitForever(world)
        },
        "precondition": { world in
            if world.rank == world.size - 1 { precondition(world.size < 0, "impossible") }
            try waitForever(world)
        },
        "index": { world in
            if world.rank == world.size - 1 { print([1, 2, 3][world.size + 10]) }
            try waitForever(world)
        },
        "job-failure": { world in
            try world.failingTogether {
                if world.rank == world.size - 1 { throw JobFailure(message: "no disk", exitStatus: 74) }
            }
        },
        "dropped-request": { world in
            if world.rank == world.size - 1 { _ = try world.Irecv(into: [0.0], source: world.rank, tag: 5) }
            try waitForever(world)
        },
        "dropped-set": { world in
            if world.rank == world.size - 1 {
                var set = RequestSet<[Double]>()
                set.append(try world.Irecv(into: [0.0], source: world.rank, tag: 5))
                set.append(try world.Irecv(into: [0.0], source: world.rank, tag: 6))
            }
            try waitForever(world)
        },
        "dropped-scope": { world in
            if world.rank == world.size - 1 {
                var buffer = [0.0]
                var scope = RequestScope()
                scope.append(try world.Irecv(into: buffer.mutableSpan, source: world.rank, tag: 5))
                throw Unmet(description: "an error passes by")
            }
            try waitForever(world)
        },
        "dropped-persistent": { world in
            if world.rank == world.size - 1 {
                var buffer = [0.0]
                var request = try world.Recv_init(into: buffer.mutableSpan, source: world.rank, tag: 5)
                try request.start()
            }
            try waitForever(world)
        },
        "dropped-message": { world in
            if world.rank == world.size - 1 {
                let outgoing = try world.Isend([1], dest: world.rank, tag: 5)
                _ = try world.Mprobe(source: world.rank, tag: 5)
                _ = try outgoing.wait()
            }
            try waitForever(world)
        },
        "buffer-of-active-request": { world in
            if world.rank == world.size - 1 {
                var buffer = [0.0]
                var request = try world.Recv_init(into: buffer.mutableSpan, source: world.rank, tag: 5)
                try request.start()
                request.withBuffer { $0[0] = 1 }
            }
            try waitForever(world)
        },
        "abort": { world in
            if world.rank == world.size - 1 { world.abort(status: 17) }
            try waitForever(world)
        },
        "dropped-idup": { world in
            let pending = try world.idup()
            if world.rank == world.size - 1 { return }
            _ = try pending.wait()
            try waitForever(world)
        },
        "dropped-while-throwing": { world in
            if world.rank == world.size - 1 {
                let request = try world.Irecv(into: [1.0], source: world.rank, tag: 5)
                try fail(because: "the sky fell")
                _ = try request.wait()
            }
            try waitForever(world)
        },
        "dropped-isend": { world in
            if world.rank == world.size - 1 { _ = try world.issend([1, 2, 3], dest: world.rank) }
            try waitForever(world)
        },
        "dropped-irecv": { world in
            if world.rank == world.size - 1 { _ = try world.irecv(Int.self) }
            try waitForever(world)
        },
        "dropped-object": { world in
            if world.rank == world.size - 1 {
                let send = try world.isend(1, dest: world.rank)
                _ = try world.mprobe(source: world.rank)
                try send.wait()
            }
            try waitForever(world)
        },
        "throwing-operation": { world in
            _ = try world.allreduce(world.rank) { lower, higher in
                if higher == world.size - 1 { throw Unmet(description: "\(lower) and \(higher) do not combine") }
                return max(lower, higher)
            }
            try waitForever(world)
        },
        // The receiver is late, so that the sender is at its end already; the outcome is the same if it is not.
        "detached": { world in
            let last = world.size - 1
            if world.rank == 0 {
                for _ in 0..<3 { try world.isend([Int](repeating: 1, count: 500_000), dest: last).detach() }
            }
            if world.rank == last {
                sleep(1)
                for _ in 0..<3 { print(try world.recv([Int].self, source: 0).count) }
            }
        },
        "detached-and-never-received": { world in
            if world.rank == 0 { try world.isend(1, dest: world.size - 1).detach() }
        },
        "datatypes-in-globals": { world in
            let sum = try ReductionOperation<SIMD2<Double>>(commutative: true) { $0 + $1 }
            _ = try world.Allreduce(SIMD2(1, 2), op: sum)
            keptForever = [sum, try Layout<Double>.vector(count: 2, stride: 3)]
        },
        "every-rank": { _ in throw JobFailure(message: "wrong argument", exitStatus: 64) },
    ]
}

/// The lowercase collectives where the last rank speaks another protocol than the others.
var disagreements: [String: (Communicator) throws -> Void] {
    [
        "bcast": { _ = try $0.bcast($0.rank) },
        "bcast from the last": { _ = try $0.bcast($0.rank, root: $0.size - 1) },
        "gather": { _ = try $0.gather($0.rank) },
        "gather on the last": { _ = try $0.gather($0.rank, root: $0.size - 1) },
        "scatter": { _ = try $0.scatter(Array(0..<$0.size)) },
        "scatter from the last": { _ = try $0.scatter(Array(0..<$0.size), root: $0.size - 1) },
        "allgather": { _ = try $0.allgather($0.rank) },
        "alltoall": { _ = try $0.alltoall(Array(0..<$0.size)) },
        "reduce": { _ = try $0.reduce($0.rank, +) },
        "reduce on the last": { _ = try $0.reduce($0.rank, root: $0.size - 1, +) },
        "allreduce": { _ = try $0.allreduce($0.rank, +) },
        "scan": { _ = try $0.scan($0.rank, +) },
        "exscan": { _ = try $0.exscan($0.rank, +) },
    ]
}

private struct JobStopped: ExitStatusProviding, CustomStringConvertible {
    var exitStatus: Int32 { 42 }
    var description: String { "stopped" }
}

private struct Stopping: Codable {
    let stops: Bool

    init(stops: Bool) { self.stops = stops }

    init(from decoder: any Decoder) throws { stops = try decoder.singleValueContainer().decode(Bool.self) }

    func encode(to encoder: any Encoder) throws {
        if stops { throw JobStopped() }
        var container = encoder.singleValueContainer()
        try container.encode(stops)
    }
}

private func fail(because reason: String) throws { throw Unmet(description: reason) }

private enum Localized: LocalizedError {
    case full
    var errorDescription: String? { "the disk is full" }
}

private struct LocalizedAndDescribed: LocalizedError, CustomStringConvertible {
    var errorDescription: String? { "for a window" }
    var description: String { "for a terminal" }
}

private struct Overlapping: MPIStructure {
    var pair = SIMD2(1.0, 2.0)
    static var mpiFields: MPIFields<Self> { MPIFields(\.pair, \.pair) }
}

/// Calls itself until the stack is used up.
@inline(never) @_optimize(none)
private func depth(_ level: Int) -> Int { level == 0 ? 0 : depth(level + 1) + 1 }

/// Prints lines, which stay in memory where the output is a pipe.
private func lastRankPrints(_ world: Communicator) throws {
    if world.rank == world.size - 1 {
        for line in 1...3 { print("line \(line)") }
    }
    try world.Barrier()
}

/// Waits for a message nobody sends.
func waitForever(_ world: Communicator) throws { _ = try world.recv(Int.self, source: world.rank, tag: 77) }

/// What outlives MPI.
nonisolated(unsafe) private var keptForever: [Any] = []
