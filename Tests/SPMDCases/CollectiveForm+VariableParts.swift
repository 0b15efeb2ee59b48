import SwiftMPI

// Collectives that move parts of different sizes.

extension CollectiveForm {
    func gatherv<T: SampleValue>(
        _ part: [T], into room: [T], counts: VariableCounts?, root: Int, on comm: Communicator
    ) throws -> [T] {
        var whole = room
        switch self {
        case .arrays: try comm.Gatherv(part, into: &whole, counts: counts, root: root)
        case .spans:
            var span = whole.mutableSpan
            try comm.Gatherv(part.span, into: &span, counts: counts, root: root)
        case .nonblockingArrays:
            return try comm.Igatherv(part, into: whole, counts: counts, root: root).wait().received
        case .nonblockingSpans:
            _ = try comm.Igatherv(part.span, into: whole.mutableSpan, counts: counts, root: root).wait()
        }
        return whole
    }

    func gatherv<T: SampleValue>(
        inPlace buffer: [T], counts: VariableCounts?, root: Int, on comm: Communicator
    ) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Gatherv(inPlace: &buffer, counts: counts, root: root)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Gatherv(inPlace: &span, counts: counts, root: root)
        case .nonblockingArrays: return try comm.Igatherv(inPlace: buffer, counts: counts, root: root).wait()
        case .nonblockingSpans: _ = try comm.Igatherv(inPlace: buffer.mutableSpan, counts: counts, root: root).wait()
        }
        return buffer
    }

    func scatterv<T: SampleValue>(
        _ whole: [T], into room: [T], counts: VariableCounts?, root: Int, on comm: Communicator
    ) throws -> [T] {
        var part = room
        switch self {
        case .arrays: try comm.Scatterv(whole, into: &part, counts: counts, root: root)
        case .spans:
            var span = part.mutableSpan
            try comm.Scatterv(whole.span, into: &span, counts: counts, root: root)
        case .nonblockingArrays:
            return try comm.Iscatterv(whole, into: part, counts: counts, root: root).wait().received
        case .nonblockingSpans:
            _ = try comm.Iscatterv(whole.span, into: part.mutableSpan, counts: counts, root: root).wait()
        }
        return part
    }

    func scatterv<T: SampleValue>(
        inPlace buffer: [T], counts: VariableCounts?, root: Int, on comm: Communicator
    ) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Scatterv(inPlace: &buffer, counts: counts, root: root)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Scatterv(inPlace: &span, counts: counts, root: root)
        case .nonblockingArrays: return try comm.Iscatterv(inPlace: buffer, counts: counts, root: root).wait()
        case .nonblockingSpans: _ = try comm.Iscatterv(inPlace: buffer.mutableSpan, counts: counts, root: root).wait()
        }
        return buffer
    }

    func allgatherv<T: SampleValue>(
        _ part: [T], into room: [T], counts: VariableCounts?, on comm: Communicator
    ) throws -> [T] {
        var whole = room
        switch self {
        case .arrays: try comm.Allgatherv(part, into: &whole, counts: counts)
        case .spans:
            var span = whole.mutableSpan
            try comm.Allgatherv(part.span, into: &span, counts: counts)
        case .nonblockingArrays: return try comm.Iallgatherv(part, into: whole, counts: counts).wait().received
        case .nonblockingSpans: _ = try comm.Iallgatherv(part.span, into: whole.mutableSpan, counts: counts).wait()
        }
        return whole
    }

    func allgatherv<T: SampleValue>(inPlace whole: [T], counts: VariableCounts?, on comm: Communicator) throws -> [T] {
        var whole = whole
        switch self {
        case .arrays: try comm.Allgatherv(inPlace: &whole, counts: counts)
        case .spans:
            var span = whole.mutableSpan
            try comm.Allgatherv(inPlace: &span, counts: counts)
        case .nonblockingArrays: return try comm.Iallgatherv(inPlace: whole, counts: counts).wait()
        case .nonblockingSpans: _ = try comm.Iallgatherv(inPlace: whole.mutableSpan, counts: counts).wait()
        }
        return whole
    }

    func alltoallv<T: SampleValue>(
        _ whole: [T], sendCounts: VariableCounts?, into room: [T], recvCounts: VariableCounts?, on comm: Communicator
    ) throws -> [T] {
        var received = room
        switch self {
        case .arrays: try comm.Alltoallv(whole, sendCounts: sendCounts, into: &received, recvCounts: recvCounts)
        case .spans:
            var span = received.mutableSpan
            try comm.Alltoallv(whole.span, sendCounts: sendCounts, into: &span, recvCounts: recvCounts)
        case .nonblockingArrays:
            return try comm.Ialltoallv(whole, sendCounts: sendCounts, into: received, recvCounts: recvCounts)
                .wait().received
        case .nonblockingSpans:
            _ = try comm.Ialltoallv(
                whole.span, sendCounts: sendCounts, into: received.mutableSpan, recvCounts: recvCounts
            ).wait()
        }
        return received
    }

    func alltoallv<T: SampleValue>(inPlace whole: [T], counts: VariableCounts, on comm: Communicator) throws -> [T] {
        var whole = whole
        switch self {
        case .arrays: try comm.Alltoallv(inPlace: &whole, counts: counts)
        case .spans:
            var span = whole.mutableSpan
            try comm.Alltoallv(inPlace: &span, counts: counts)
        case .nonblockingArrays: return try comm.Ialltoallv(inPlace: whole, counts: counts).wait()
        case .nonblockingSpans: _ = try comm.Ialltoallv(inPlace: whole.mutableSpan, counts: counts).wait()
        }
        return whole
    }
}
