import Glibc
import SwiftMPI

/// The pages this process got from the system so far; none under a sanitizer, which allocates in its own way.
private func pageFaults() -> Int {
    if dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil { return 0 }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_minflt
}

var environmentCases: [Case] {
    [
        Case("the environment tells what it is") { world in
            try expect(MPI.libraryVersion.contains("MPI"), MPI.libraryVersion)
            try expect(MPI.standardVersion.major >= 3)
            try expect(!MPI.processorName.isEmpty)
            let start = MPI.wallTime
            try expect(MPI.wallTime >= start)
        },
        Case("MPI starts only once") { world in
            try expectThrow {
                try MPI.run { _ in }
            } where: { error in
                try expect("\(error)".contains("already"), "\(error)")
            }
        },
        Case("a buffered send without a space names what makes one") { world in
            for count in [0, 1, 100_000] {
                let numbers = [Double](repeating: 1, count: count)
                let sends: [String: () throws -> Void] = [
                    "MPI_Bsend": { try world.Bsend(numbers, dest: world.rank) },
                    "MPI_Ibsend": { _ = try world.Ibsend(numbers, dest: world.rank).wait() },
                    "MPI_Bsend_init": {
                        var numbers = numbers
                        _ = try world.Bsend_init(numbers.mutableSpan, dest: world.rank)
                    },
                ]
                for (function, send) in sends { try expectNoSpace(function, send) }
                try expectNoSpace("MPI_Bsend") { try world.bsend(numbers, dest: world.rank) }
                try expectNoSpace("MPI_Ibsend") { try world.ibsend(numbers, dest: world.rank).wait() }
            }
            try expect(try world.Iprobe() == nil)
        },
        Case("a space inside a space is refused, and the outer one stays") { world in
            try MPI.withAttachedBuffer(byteCount: 8 + MPI.bufferedSendOverhead) {
                try expectThrow {
                    try MPI.withAttachedBuffer(byteCount: 1000) {}
                } where: {
                    try expect(($0 as? MPIError)?.class, equals: .buffer)
                    try expect("\($0)".contains("withAttachedBuffer does not nest"), "\($0)")
                }
                try world.Bsend([1.0], dest: world.rank)
                var number = [0.0]
                try world.Recv(into: &number, source: world.rank)
                try expect(number, equals: [1])
            }
            // Each of them is over, and with it its space.
            try expectNoSpace("MPI_Bsend") { try world.Bsend([1.0], dest: world.rank) }
            try MPI.withAttachedBuffer(byteCount: 1000) {}
        },
        Case("a space of no size is refused") { _ in
            for byteCount in [-1, .min, 1 << 31] {
                try expectThrow {
                    try MPI.withAttachedBuffer(byteCount: byteCount) {}
                } where: {
                    try expect("\($0)".contains("\(byteCount)"), "\($0)")
                }
            }
        },
        Case("MPI is initialized and not finalized") { _ in
            try expect(MPI.isInitialized && !MPI.isFinalized)
        },
        Case("the clock ticks") { _ in
            try expect(MPI.wallTimeResolution > 0)
            _ = try MPI.wallTimeIsGlobal
        },
        Case("threads: the level asked for, the main thread") { _ in
            try expect(try MPI.threadLevel >= .funneled)
            try expect(try MPI.isMainThread)
        },
        Case("predefined attributes") { world in
            try expect(try MPI.tagUpperBound >= 32_767)
            let noRank = [MPI.procNull, MPI.anySource]
            for rank in [try MPI.hostRank, try MPI.ioRank] {
                try expect(rank.map { noRank.contains($0) || (0..<world.size).contains($0) } ?? true, "\(rank!)")
            }
            try expect(try MPI.universeSize.map { $0 >= 1 } ?? true)
            try expect(try MPI.applicationNumber ?? 0, equals: 0)
            try expect(try MPI.lastUsedErrorCode! >= MPIError.Class.truncated.rawValue)
        },
        Case("the largest tag is usable and the next is not") { world in
            let largest = try MPI.tagUpperBound
            try expect(try world.sendrecv(1, dest: world.rank, sendTag: largest, source: world.rank), equals: 1)
            try expectThrow {
                try world.send(1, dest: world.rank, tag: largest + 1)
            } where: { error in
                try expect((error as? MPIError)?.class, equals: .tag)
            }
        },
        Case("what the launcher was asked for") { world in
            // Nothing in MPICH; Open MPI tells how many ranks the job has.
            try expect(try MPI.launchInfo["maxprocs"] ?? "\(world.size)", equals: "\(world.size)")
        },
        Case("hints are a value like a dictionary") { _ in
            var info: Info = ["key": "value"]
            let copy = info
            try expect(info["key"], equals: "value")
            try expect(info["other"], equals: nil)
            info["other"] = "more"
            info["key"] = nil
            try expect(info, equals: ["other": "more"])
            try expect(info.entries, equals: ["other": "more"])
            try expect(copy, equals: ["key": "value"])
            try expect(Info().entries.isEmpty)
        },
        Case("hints with no key or one too long are refused") { world in
            for info: Info in [["": "value"], [String(repeating: "k", count: 2000): "v"]] {
                try expectThrow { _ = try world.dup(info: info) }
            }
            try expectThrow { _ = try world.dup(info: ["key": String(repeating: "v", count: 5000)]) }
        },
        Case("the memory of large messages is used again") { _ in
            var sum = 0
            var before = 0
            for round in 0..<40 {
                if round == 20 { before = pageFaults() }
                let block = [UInt8](repeating: UInt8(round), count: 1 << 20)
                sum += block.withUnsafeBytes { Int($0[round << 12]) }
            }
            try expect(sum, equals: (0..<40).reduce(0, +))
            let faults = pageFaults() - before
            // A block of 1 MiB has 256 pages.
            try expect(faults < 256, "\(faults) page faults in 20 rounds")
        },
    ]
}

private func expectNoSpace(_ function: String, _ send: () throws -> Void) throws {
    try expectThrow {
        try send()
    } where: {
        try expect(($0 as? MPIError)?.function, equals: function)
        try expect(($0 as? MPIError)?.class, equals: .buffer)
        try expect("\($0)".contains("MPI.withAttachedBuffer"), "\($0)")
    }
}
