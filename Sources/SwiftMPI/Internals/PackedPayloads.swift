internal import CMPI
private import Glibc

/// The payloads of all ranks in one block of memory, in rank order, with the variable collectives that send and receive
/// it.
///
/// The calls of MPI-3.1 address 2³¹−1 bytes. Larger blocks use the calls of MPI-4 if the library has them. Otherwise,
/// the block is described to the MPI-3.1 calls in another way; the messages between the ranks stay the same.
final class PackedPayloads {
    let lengths: [Int]
    private let starts: [Int]
    private let memory: UnsafeMutableRawBufferPointer
    /// Whether the block has at most 2³¹−1 bytes.
    private let isSmall: Bool

    private static let hasLargeCounts = CMPI_HAS_LARGE_COUNTS() != 0
    /// The size of a unit in bytes. 2³¹ units exceed the available memory.
    private static let unit = 1 << 16

    /// Creates an empty block for payloads of known lengths.
    ///
    /// - Throws: ``MPIError`` if there is not enough memory. Lengths from a peer may have any value.
    init(lengths: [Int], _ function: StaticString) throws(MPIError) {
        let total = lengths.reduce(0) { $0.addingReportingOverflow($1).overflow ? Int.max : $0 + $1 }
        isSmall = total <= Int(CInt.max)
        // Parts that begin at multiples of the unit can be received in whole units.
        let padding = isSmall || Self.hasLargeCounts ? 0 : Self.unit - 1
        var starts: [Int] = []
        var end = 0
        if total < 1 << 48 {
            for length in lengths {
                starts.append(end)
                end += (length + padding) & ~padding
            }
        }
        guard starts.count == lengths.count, let memory = malloc(max(1, end)) else {
            throw MPIError(refused: function, .other, "no memory for objects of \(total) bytes in total")
        }
        self.lengths = lengths
        self.starts = starts
        self.memory = UnsafeMutableRawBufferPointer(start: memory, count: end)
    }

    /// Creates a block of payloads to send.
    ///
    /// - Throws: ``MPIError`` if the library cannot send this many bytes at once, or if there is not enough memory.
    convenience init(_ payloads: [[UInt8]], _ function: StaticString) throws(MPIError) {
        try self.init(lengths: payloads.map(\.count), function)
        if !isSmall, !Self.hasLargeCounts {
            // Displacements are signed, so they reach twice as far from the middle of the block.
            guard lengths.allSatisfy({ $0 <= CInt.max }), starts.allSatisfy({ CInt(exactly: $0 - Self.middle) != nil })
            else {
                throw MPIError(
                    refused: function, .count,
                    "objects of \(memory.count) bytes in total are more than \(MPI.libraryVersion) sends at once")
            }
        }
        for (start, payload) in zip(starts, payloads) {
            UnsafeMutableRawBufferPointer(rebasing: memory[start...]).copyBytes(from: payload)
        }
    }

    private static let middle = 1 << 31

    deinit { free(memory.baseAddress) }

    private func part(_ rank: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory[starts[rank]..<starts[rank] + lengths[rank]])
    }

    /// Returns the objects, one from each rank.
    func objects<T: Decodable>(_ type: T.Type, of communicator: Communicator) throws -> [T] {
        try lengths.indices.map { try communicator.object(type, from: UnsafeRawBufferPointer(part($0))) }
    }
}

extension PackedPayloads {
    func gather(_ payload: [UInt8], root: CInt, on handle: MPI_Comm) throws(MPIError) {
        let code = try withCount(payload.count, of: Byte.self) { (count, type) throws(MPIError) in
            if usesLargeCounts {
                return CMPI_Gatherv_c(
                    payload, MPI_Count(count), type, memory.baseAddress, largeCounts, largeStarts, CMPI_BYTE(), root,
                    handle)
            }
            return try asReceived { MPI_Gatherv(payload, count, type, $0, $1, $2, $3, root, handle) }
        }
        try check("MPI_Gatherv", code)
    }

    func allgather(_ payload: [UInt8], rank: Int, on handle: MPI_Comm) throws(MPIError) {
        if !isSmall, !usesLargeCounts {
            // All ranks take this branch.
            part(rank).copyBytes(from: payload)
            for (root, length) in lengths.enumerated() {
                let code = try withCount(length, of: Byte.self) {
                    MPI_Bcast(part(root).baseAddress, $0, $1, CInt(root), handle)
                }
                try check("MPI_Bcast", code)
            }
            return
        }
        let code = try withCount(payload.count, of: Byte.self) { (count, type) throws(MPIError) in
            if usesLargeCounts {
                return CMPI_Allgatherv_c(
                    payload, MPI_Count(count), type, memory.baseAddress, largeCounts, largeStarts, CMPI_BYTE(), handle)
            }
            return try asReceived { MPI_Allgatherv(payload, count, type, $0, $1, $2, $3, handle) }
        }
        try check("MPI_Allgatherv", code)
    }

    func scatter(into payload: UnsafeMutableRawBufferPointer, root: CInt, on handle: MPI_Comm) throws(MPIError) {
        let code = try withCount(payload.count, of: Byte.self) { (count, type) in
            if usesLargeCounts {
                return CMPI_Scatterv_c(
                    memory.baseAddress, largeCounts, largeStarts, CMPI_BYTE(), payload.baseAddress, MPI_Count(count),
                    type, root, handle)
            }
            return asSent { MPI_Scatterv($0, $1, $2, CMPI_BYTE(), payload.baseAddress, count, type, root, handle) }
        }
        try check("MPI_Scatterv", code)
    }

    func alltoall(into received: PackedPayloads, rank: Int, on handle: MPI_Comm) throws(MPIError) {
        let code: CInt
        if usesLargeCounts || received.usesLargeCounts {
            code = CMPI_Alltoallv_c(
                memory.baseAddress, largeCounts, largeStarts, CMPI_BYTE(), received.memory.baseAddress,
                received.largeCounts, received.largeStarts, CMPI_BYTE(), handle)
        } else {
            // The part that a rank sends to itself must have the same description on both sides.
            let own = isSmall && received.isSmall ? nil : rank
            if own != nil { received.part(rank).copyMemory(from: UnsafeRawBufferPointer(part(rank))) }
            code = try received.asReceived(except: own) { memory, counts, starts, type in
                asSent(except: own) { MPI_Alltoallv($0, $1, $2, CMPI_BYTE(), memory, counts, starts, type, handle) }
            }
        }
        try check("MPI_Alltoallv", code)
    }
}

// Descriptions of the block for the arguments of a call.
extension PackedPayloads {
    private var usesLargeCounts: Bool { !isSmall && Self.hasLargeCounts }
    private var largeCounts: [MPI_Count] { lengths.map { MPI_Count($0) } }
    private var largeStarts: [MPI_Aint] { starts.map { MPI_Aint($0) } }

    private func asSent(
        except rank: Int? = nil, _ body: (UnsafeMutableRawPointer?, [CInt], [CInt]) -> CInt
    ) -> CInt {
        let middle = isSmall ? 0 : Self.middle
        var counts = lengths.map { CInt($0) }
        if let rank { counts[rank] = 0 }
        return body(memory.baseAddress! + middle, counts, starts.map { CInt($0 - middle) })
    }

    /// Describes a large block in units. The last unit of a part is not full; a message may be shorter than its receive
    /// buffer.
    private func asReceived(
        except rank: Int? = nil,
        _ body: (UnsafeMutableRawPointer?, [CInt], [CInt], MPI_Datatype) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        let unit = isSmall ? 1 : Self.unit
        var counts = lengths.map { CInt(($0 + unit - 1) / unit) }
        if let rank { counts[rank] = 0 }
        let starts = starts.map { CInt($0 / unit) }
        if isSmall { return try body(memory.baseAddress, counts, starts, Byte.mpiDatatype) }
        var type = CMPI_DATATYPE_NULL()
        try check("MPI_Type_contiguous", MPI_Type_contiguous(CInt(unit), CMPI_BYTE(), &type))
        defer { MPI_Type_free(&type) }
        try check("MPI_Type_commit", MPI_Type_commit(&type))
        return try body(memory.baseAddress, counts, starts, unwrapped(type))
    }
}
