// Point-to-point communication, any Codable. The wire format is mpi4py's: see ObjectMessage.swift.
// Missing: the ready mode, which mpi4py does not have either.

internal import CMPI

extension Communicator {
    /// Sends an object of any `Codable` type to a rank.
    ///
    /// - Parameters:
    ///   - object: The object to send.
    ///   - dest: A rank of this communicator, or ``MPI/procNull``.
    ///   - tag: A number by which the receiver selects messages; 0 or more.
    /// - Throws: ``MPIError``, and any error from encoding.
    ///
    /// MPI: `MPI_Send` of the serialized bytes, MPI-3.1 §3.2.1. mpi4py: `Comm.send`.
    public final func send<T: Encodable>(_ object: T, dest: Int, tag: Int = 0) throws {
        let dest = try cDestination(dest, "MPI_Send")
        let tag = try cTag(tag, "MPI_Send")
        try withPayload(of: object) { payload in
            try sendPayload(payload, "MPI_Send") { MPI_Send($0, $1, $2, dest, tag, handle) }
        }
    }

    /// Sends an object; returns only after the matching receive has started; see ``send(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Ssend` of the serialized bytes, MPI-3.1 §3.4. mpi4py: `Comm.ssend`.
    public final func ssend<T: Encodable>(_ object: T, dest: Int, tag: Int = 0) throws {
        let dest = try cDestination(dest, "MPI_Ssend")
        let tag = try cTag(tag, "MPI_Ssend")
        try withPayload(of: object) { payload in
            try sendPayload(payload, "MPI_Ssend") { MPI_Ssend($0, $1, $2, dest, tag, handle) }
        }
    }

    /// Sends an object through the attached buffer, without waiting for the receiver; see ``send(_:dest:tag:)``.
    ///
    /// - Throws: ``MPIError`` if no buffer is attached or the buffer is full, and any error from encoding.
    ///
    /// MPI: `MPI_Bsend` of the serialized bytes, MPI-3.1 §3.4. mpi4py: `Comm.bsend`.
    public final func bsend<T: Encodable>(_ object: T, dest: Int, tag: Int = 0) throws {
        let dest = try cDestination(dest, "MPI_Bsend")
        let tag = try cTag(tag, "MPI_Bsend")
        try requireAttachedBuffer("MPI_Bsend")
        try withPayload(of: object) { payload in
            try sendPayload(payload, "MPI_Bsend") { MPI_Bsend($0, $1, $2, dest, tag, handle) }
        }
    }
}

// Nonblocking sends.
extension Communicator {
    /// Starts sending an object.
    ///
    /// - Parameters:
    ///   - object: The object to send, encoded immediately: later changes to it have no effect.
    ///   - dest: A rank of this communicator, or ``MPI/procNull``.
    ///   - tag: A number by which the receiver selects messages; 0 or more.
    /// - Returns: The pending send, which must be waited for or detached.
    /// - Throws: ``MPIError``, and any error from encoding.
    ///
    /// MPI: `MPI_Isend` of the serialized bytes, MPI-3.1 §3.7.2. mpi4py: `Comm.isend`.
    public final func isend<T: Encodable>(_ object: T, dest: Int, tag: Int = 0) throws -> ObjectSendRequest {
        try startSend(object, dest, tag, .standard, "MPI_Isend")
    }

    /// Starts sending an object; completes only after the matching receive has started; see ``isend(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Issend` of the serialized bytes, MPI-3.1 §3.7.2. mpi4py: `Comm.issend`.
    public final func issend<T: Encodable>(_ object: T, dest: Int, tag: Int = 0) throws -> ObjectSendRequest {
        try startSend(object, dest, tag, .synchronous, "MPI_Issend")
    }

    /// Starts sending an object through the attached buffer; see ``bsend(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Ibsend` of the serialized bytes, MPI-3.1 §3.7.2. mpi4py: `Comm.ibsend`.
    public final func ibsend<T: Encodable>(_ object: T, dest: Int, tag: Int = 0) throws -> ObjectSendRequest {
        try startSend(object, dest, tag, .buffered, "MPI_Ibsend")
    }

    private func startSend<T: Encodable>(
        _ object: T, _ dest: Int, _ tag: Int, _ mode: ObjectSendRequest.Mode, _ function: StaticString
    ) throws -> ObjectSendRequest {
        let dest = try cDestination(dest, function)
        let tag = try cTag(tag, function)
        if mode == .buffered { try requireAttachedBuffer(function) }
        return try ObjectSendRequest(serializer.encode(object), on: self, dest: dest, tag: tag, mode, function)
    }
}
