import SwiftMPI

// Collectives that combine the ranks up to this one.

extension CollectiveForm {
    func scan<T: SampleValue>(
        _ part: [T], into room: [T], op: ReductionOperation<T>, on comm: Communicator
    ) throws -> [T] {
        var result = room
        switch self {
        case .arrays: try comm.Scan(part, into: &result, op: op)
        case .spans:
            var span = result.mutableSpan
            try comm.Scan(part.span, into: &span, op: op)
        case .nonblockingArrays: return try comm.Iscan(part, into: result, op: op).wait().received
        case .nonblockingSpans: _ = try comm.Iscan(part.span, into: result.mutableSpan, op: op).wait()
        }
        return result
    }

    func scan<T: SampleValue>(inPlace buffer: [T], op: ReductionOperation<T>, on comm: Communicator) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Scan(inPlace: &buffer, op: op)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Scan(inPlace: &span, op: op)
        case .nonblockingArrays: return try comm.Iscan(inPlace: buffer, op: op).wait()
        case .nonblockingSpans: _ = try comm.Iscan(inPlace: buffer.mutableSpan, op: op).wait()
        }
        return buffer
    }

    func exscan<T: SampleValue>(
        _ part: [T], into room: [T], op: ReductionOperation<T>, on comm: Communicator
    ) throws -> [T] {
        var result = room
        switch self {
        case .arrays: try comm.Exscan(part, into: &result, op: op)
        case .spans:
            var span = result.mutableSpan
            try comm.Exscan(part.span, into: &span, op: op)
        case .nonblockingArrays: return try comm.Iexscan(part, into: result, op: op).wait().received
        case .nonblockingSpans: _ = try comm.Iexscan(part.span, into: result.mutableSpan, op: op).wait()
        }
        return result
    }

    func exscan<T: SampleValue>(inPlace buffer: [T], op: ReductionOperation<T>, on comm: Communicator) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Exscan(inPlace: &buffer, op: op)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Exscan(inPlace: &span, op: op)
        case .nonblockingArrays: return try comm.Iexscan(inPlace: buffer, op: op).wait()
        case .nonblockingSpans: _ = try comm.Iexscan(inPlace: buffer.mutableSpan, op: op).wait()
        }
        return buffer
    }
}
