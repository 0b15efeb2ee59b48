import SwiftMPI

// Collectives that combine.

extension CollectiveForm {
    func reduce<T: SampleValue>(
        _ part: [T], into room: [T], op: ReductionOperation<T>, root: Int, on comm: Communicator
    ) throws -> [T] {
        var result = room
        switch self {
        case .arrays: try comm.Reduce(part, into: &result, op: op, root: root)
        case .spans:
            var span = result.mutableSpan
            try comm.Reduce(part.span, into: &span, op: op, root: root)
        case .nonblockingArrays: return try comm.Ireduce(part, into: result, op: op, root: root).wait().received
        case .nonblockingSpans:
            _ = try comm.Ireduce(part.span, into: result.mutableSpan, op: op, root: root).wait()
        }
        return result
    }

    func reduce<T: SampleValue>(
        inPlace buffer: [T], op: ReductionOperation<T>, root: Int, on comm: Communicator
    ) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Reduce(inPlace: &buffer, op: op, root: root)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Reduce(inPlace: &span, op: op, root: root)
        case .nonblockingArrays: return try comm.Ireduce(inPlace: buffer, op: op, root: root).wait()
        case .nonblockingSpans: _ = try comm.Ireduce(inPlace: buffer.mutableSpan, op: op, root: root).wait()
        }
        return buffer
    }

    func allreduce<T: SampleValue>(
        _ part: [T], into room: [T], op: ReductionOperation<T>, on comm: Communicator
    ) throws -> [T] {
        var result = room
        switch self {
        case .arrays: try comm.Allreduce(part, into: &result, op: op)
        case .spans:
            var span = result.mutableSpan
            try comm.Allreduce(part.span, into: &span, op: op)
        case .nonblockingArrays: return try comm.Iallreduce(part, into: result, op: op).wait().received
        case .nonblockingSpans: _ = try comm.Iallreduce(part.span, into: result.mutableSpan, op: op).wait()
        }
        return result
    }

    func allreduce<T: SampleValue>(
        inPlace buffer: [T], op: ReductionOperation<T>, on comm: Communicator
    ) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Allreduce(inPlace: &buffer, op: op)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Allreduce(inPlace: &span, op: op)
        case .nonblockingArrays: return try comm.Iallreduce(inPlace: buffer, op: op).wait()
        case .nonblockingSpans: _ = try comm.Iallreduce(inPlace: buffer.mutableSpan, op: op).wait()
        }
        return buffer
    }

    func reduceScatter<T: SampleValue>(
        _ whole: [T], into room: [T], counts: VariableCounts?, op: ReductionOperation<T>, on comm: Communicator
    ) throws -> [T] {
        var part = room
        switch self {
        case .arrays: try comm.Reduce_scatter(whole, into: &part, counts: counts, op: op)
        case .spans:
            var span = part.mutableSpan
            try comm.Reduce_scatter(whole.span, into: &span, counts: counts, op: op)
        case .nonblockingArrays:
            return try comm.Ireduce_scatter(whole, into: part, counts: counts, op: op).wait().received
        case .nonblockingSpans:
            _ = try comm.Ireduce_scatter(whole.span, into: part.mutableSpan, counts: counts, op: op).wait()
        }
        return part
    }

    func reduceScatter<T: SampleValue>(
        inPlace whole: [T], counts: VariableCounts?, op: ReductionOperation<T>, on comm: Communicator
    ) throws -> [T] {
        var whole = whole
        switch self {
        case .arrays: try comm.Reduce_scatter(inPlace: &whole, counts: counts, op: op)
        case .spans:
            var span = whole.mutableSpan
            try comm.Reduce_scatter(inPlace: &span, counts: counts, op: op)
        case .nonblockingArrays: return try comm.Ireduce_scatter(inPlace: whole, counts: counts, op: op).wait()
        case .nonblockingSpans: _ = try comm.Ireduce_scatter(inPlace: whole.mutableSpan, counts: counts, op: op).wait()
        }
        return whole
    }

    func reduceScatterBlock<T: SampleValue>(
        _ whole: [T], into room: [T], op: ReductionOperation<T>, on comm: Communicator
    ) throws -> [T] {
        var part = room
        switch self {
        case .arrays: try comm.Reduce_scatter_block(whole, into: &part, op: op)
        case .spans:
            var span = part.mutableSpan
            try comm.Reduce_scatter_block(whole.span, into: &span, op: op)
        case .nonblockingArrays: return try comm.Ireduce_scatter_block(whole, into: part, op: op).wait().received
        case .nonblockingSpans: _ = try comm.Ireduce_scatter_block(whole.span, into: part.mutableSpan, op: op).wait()
        }
        return part
    }

    func reduceScatterBlock<T: SampleValue>(
        inPlace whole: [T], op: ReductionOperation<T>, on comm: Communicator
    ) throws -> [T] {
        var whole = whole
        switch self {
        case .arrays: try comm.Reduce_scatter_block(inPlace: &whole, op: op)
        case .spans:
            var span = whole.mutableSpan
            try comm.Reduce_scatter_block(inPlace: &span, op: op)
        case .nonblockingArrays: return try comm.Ireduce_scatter_block(inPlace: whole, op: op).wait()
        case .nonblockingSpans: _ = try comm.Ireduce_scatter_block(inPlace: whole.mutableSpan, op: op).wait()
        }
        return whole
    }
}
