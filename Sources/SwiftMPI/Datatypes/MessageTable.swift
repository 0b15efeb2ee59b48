public import CMPI

/// Consecutive items of a buffer.
@frozen @usableFromInline
struct Block {
    /// The beginning of the first item, in bytes from the address that is passed to the call.
    @usableFromInline var offset: Int
    @usableFromInline var count: Int
    @usableFromInline var type: MPI_Datatype

    @inlinable
    init(offset: Int, count: Int, type: MPI_Datatype) {
        self.offset = offset
        self.count = count
        self.type = type
    }
}

/// One side of an `alltoallw` in which each message is one item of a datatype that is made for it.
///
/// A datatype can describe any number of blocks of any size at any position. It must stay alive until the call
/// completes.
///
/// MPI: `MPI_Type_create_struct`, MPI-3.1 §4.1.2.
@usableFromInline
final class MessageTable: @unchecked Sendable {
    @usableFromInline let counts: [CInt]
    // Handles are optional pointers in one MPI and integers in the other, so the array's type is inferred.
    @usableFromInline private(set) var types = Array(repeating: CMPI_BYTE(), count: 0)
    /// Zeros, because the datatypes contain the positions of the blocks.
    @usableFromInline let displacements: [CInt]
    /// The counts and displacements in the types that the neighborhood calls take.
    let neighborCounts: [CMPI_Neighbor_count]
    let neighborDisplacements: [MPI_Aint]

    /// - Parameter messages: The blocks of each message, in the order in which the message contains them.
    @usableFromInline
    init(_ messages: [[Block]]) throws(MPIError) {
        counts = messages.map { $0.allSatisfy { $0.count == 0 } ? 0 : 1 }
        displacements = messages.map { _ in 0 }
        neighborCounts = counts.map { CMPI_Neighbor_count($0) }
        neighborDisplacements = messages.map { _ in 0 }
        for (message, count) in zip(messages, counts) {
            types.append(count > 0 ? try Self.datatype(of: message) : CMPI_BYTE())
        }
    }

    deinit {
        for index in types.indices where counts[index] > 0 {
            CommittedDatatypes.free(DatatypeHandle(datatype: unwrapped(types[index])))
        }
    }

    private static func datatype(of message: [Block]) throws(MPIError) -> MPI_Datatype {
        var lengths: [CInt] = []
        var offsets: [MPI_Aint] = []
        var types = Array(repeating: CMPI_BYTE(), count: 0)
        func append(_ count: CInt, _ type: MPI_Datatype, at offset: Int) {
            lengths.append(count)
            offsets.append(offset)
            types.append(type)
        }
        var chunks = Array(repeating: CMPI_BYTE(), count: 0)
        defer { for index in chunks.indices { MPI_Type_free(&chunks[index]) } }
        for block in merged(message) {
            if block.count < 1 << 30 {
                append(CInt(block.count), block.type, at: block.offset)
                continue
            }
            // Open MPI 4 merges adjacent blocks and cannot send a block whose count exceeds a C `int`. It does not
            // merge such chunks.
            var chunk = CMPI_DATATYPE_NULL()
            try check("MPI_Type_contiguous", MPI_Type_contiguous(1 << 20, block.type, &chunk))
            chunks.append(chunk)
            let count = block.count >> 20
            append(try cCount(count, "MPI_Type_create_struct"), unwrapped(chunk), at: block.offset)
            let rest = block.offset + (count << 20) * extent(of: block.type)
            append(CInt(block.count - (count << 20)), block.type, at: rest)
        }
        var new = CMPI_DATATYPE_NULL()
        let count = try cCount(lengths.count, "MPI_Type_create_struct")
        try check("MPI_Type_create_struct", MPI_Type_create_struct(count, lengths, offsets, types, &new))
        try check("MPI_Type_commit", MPI_Type_commit(&new))
        return try CommittedDatatypes.keep(unwrapped(new)).datatype
    }

    /// Returns the same blocks, with adjacent blocks merged into one.
    private static func merged(_ message: [Block]) -> [Block] {
        var blocks: [Block] = []
        for block in message where block.count > 0 {
            if let last = blocks.last, last.type == block.type,
                last.offset + last.count * extent(of: last.type) == block.offset
            {
                blocks[blocks.count - 1].count += block.count
            } else {
                blocks.append(block)
            }
        }
        return blocks
    }
}

/// Returns the distance from one item to the next, in bytes.
///
/// MPI: `MPI_Type_get_extent_x`, MPI-3.1 §4.1.7.
@usableFromInline
func extent(of datatype: MPI_Datatype) -> Int {
    var (lower, extent): (MPI_Count, MPI_Count) = (0, 0)
    MPI_Type_get_extent_x(datatype, &lower, &extent)
    return Int(extent)
}
