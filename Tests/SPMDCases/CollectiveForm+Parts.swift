import SwiftMPI

// Collectives that move equal parts.

extension CollectiveForm {
    func bcast<T: SampleValue>(_ buffer: [T], root: Int, on comm: Communicator) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Bcast(&buffer, root: root)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Bcast(&span, root: root)
        case .nonblockingArrays: return try comm.Ibcast(buffer, root: root).wait()
        case .nonblockingSpans: _ = try comm.Ibcast(buffer.mutableSpan, root: root).wait()
        }
        return buffer
    }

    func gather<T: SampleValue>(_ part: [T], into room: [T], root: Int, on comm: Communicator) throws -> [T] {
        var whole = room
        switch self {
        case .arrays: try comm.Gather(part, into: &whole, root: root)
        case .spans:
            var span = whole.mutableSpan
            try comm.Gather(part.span, into: &span, root: root)
        case .nonblockingArrays: return try comm.Igather(part, into: whole, root: root).wait().received
        case .nonblockingSpans: _ = try comm.Igather(part.span, into: whole.mutableSpan, root: root).wait()
        }
        return whole
    }

    func gather<T: SampleValue>(inPlace buffer: [T], root: Int, on comm: Communicator) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Gather(inPlace: &buffer, root: root)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Gather(inPlace: &span, root: root)
        case .nonblockingArrays: return try comm.Igather(inPlace: buffer, root: root).wait()
        case .nonblockingSpans: _ = try comm.Igather(inPlace: buffer.mutableSpan, root: root).wait()
        }
        return buffer
    }

    func scatter<T: SampleValue>(_ whole: [T], into room: [T], root: Int, on comm: Communicator) throws -> [T] {
        var part = room
        switch self {
        case .arrays: try comm.Scatter(whole, into: &part, root: root)
        case .spans:
            var span = part.mutableSpan
            try comm.Scatter(whole.span, into: &span, root: root)
        case .nonblockingArrays: return try comm.Iscatter(whole, into: part, root: root).wait().received
        case .nonblockingSpans: _ = try comm.Iscatter(whole.span, into: part.mutableSpan, root: root).wait()
        }
        return part
    }

    func scatter<T: SampleValue>(inPlace buffer: [T], root: Int, on comm: Communicator) throws -> [T] {
        var buffer = buffer
        switch self {
        case .arrays: try comm.Scatter(inPlace: &buffer, root: root)
        case .spans:
            var span = buffer.mutableSpan
            try comm.Scatter(inPlace: &span, root: root)
        case .nonblockingArrays: return try comm.Iscatter(inPlace: buffer, root: root).wait()
        case .nonblockingSpans: _ = try comm.Iscatter(inPlace: buffer.mutableSpan, root: root).wait()
        }
        return buffer
    }

    func allgather<T: SampleValue>(_ part: [T], into room: [T], on comm: Communicator) throws -> [T] {
        var whole = room
        switch self {
        case .arrays: try comm.Allgather(part, into: &whole)
        case .spans:
            var span = whole.mutableSpan
            try comm.Allgather(part.span, into: &span)
        case .nonblockingArrays: return try comm.Iallgather(part, into: whole).wait().received
        case .nonblockingSpans: _ = try comm.Iallgather(part.span, into: whole.mutableSpan).wait()
        }
        return whole
    }

    func allgather<T: SampleValue>(inPlace whole: [T], on comm: Communicator) throws -> [T] {
        var whole = whole
        switch self {
        case .arrays: try comm.Allgather(inPlace: &whole)
        case .spans:
            var span = whole.mutableSpan
            try comm.Allgather(inPlace: &span)
        case .nonblockingArrays: return try comm.Iallgather(inPlace: whole).wait()
        case .nonblockingSpans: _ = try comm.Iallgather(inPlace: whole.mutableSpan).wait()
        }
        return whole
    }

    func alltoall<T: SampleValue>(_ whole: [T], into room: [T], on comm: Communicator) throws -> [T] {
        var received = room
        switch self {
        case .arrays: try comm.Alltoall(whole, into: &received)
        case .spans:
            var span = received.mutableSpan
            try comm.Alltoall(whole.span, into: &span)
        case .nonblockingArrays: return try comm.Ialltoall(whole, into: received).wait().received
        case .nonblockingSpans: _ = try comm.Ialltoall(whole.span, into: received.mutableSpan).wait()
        }
        return received
    }

    func alltoall<T: SampleValue>(inPlace whole: [T], on comm: Communicator) throws -> [T] {
        var whole = whole
        switch self {
        case .arrays: try comm.Alltoall(inPlace: &whole)
        case .spans:
            var span = whole.mutableSpan
            try comm.Alltoall(inPlace: &span)
        case .nonblockingArrays: return try comm.Ialltoall(inPlace: whole).wait()
        case .nonblockingSpans: _ = try comm.Ialltoall(inPlace: whole.mutableSpan).wait()
        }
        return whole
    }
}
