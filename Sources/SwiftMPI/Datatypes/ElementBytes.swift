internal import CMPI

/// The bytes of a value that its datatype describes, without padding and without properties that are not sent.
///
/// MPI's own buffers begin at the first described byte of the first element and end at the last described byte of the
/// last element. An operation may therefore touch only described bytes; the other bytes have no meaning in these
/// buffers.
struct ElementBytes<T: MPIDatatype>: Sendable {
    /// The runs of described bytes, in ascending order.
    private let pieces: [Range<Int>]

    /// The offset of the first described byte.
    var start: Int { pieces.first?.lowerBound ?? 0 }

    /// Finds the bytes with MPI's help: unpacking a message of ones sets the described bytes of a value of zeros.
    ///
    /// - Throws: ``MPIError`` for a datatype that extends beyond its type.
    ///
    /// MPI: `MPI_Unpack`, MPI-3.1 §4.2.
    init(of type: T.Type) throws(MPIError) {
        let datatype = T.mpiDatatype
        let size = MemoryLayout<T>.size
        var (start, length) = (MPI_Count(), MPI_Count())
        let code = MPI_Type_get_true_extent_x(datatype, &start, &length)
        try check("MPI_Type_get_true_extent_x", code)
        guard length == 0 || start >= 0 && Int(start + length) <= size else {
            throw MPIError(
                refused: "MPI_Op_create", .argument,
                "the datatype of \(T.self) describes bytes \(start)..<\(start + length) of \(size)")
        }
        var packedSize: CInt = 0
        try check("MPI_Pack_size", MPI_Pack_size(1, datatype, CMPI_COMM_SELF(), &packedSize))
        let ones = [UInt8](repeating: 0xff, count: Int(packedSize))
        var value = [UInt8](repeating: 0, count: max(1, size))
        var position: CInt = 0
        try check(
            "MPI_Unpack", MPI_Unpack(ones, packedSize, &position, &value, 1, datatype, CMPI_COMM_SELF()))

        var pieces: [Range<Int>] = []
        for (place, byte) in value.enumerated() where byte != 0 {
            if let last = pieces.last, last.upperBound == place {
                pieces[pieces.count - 1] = last.lowerBound..<place + 1
            } else {
                pieces.append(place..<place + 1)
            }
        }
        self.pieces = pieces
    }

    /// Whether values of the type can be used in place in MPI's buffers.
    private var areAll: Bool { pieces == [0..<MemoryLayout<T>.size] }

    /// Calls `body` to combine values into others, given the addresses of their first described bytes.
    ///
    /// If the buffers do not hold whole values, or are not aligned for the type, `body` gets copies of one block at a
    /// time. In these copies, bytes that are not described are zero.
    func combine(
        _ lower: UnsafeRawPointer, _ higher: UnsafeMutableRawPointer, _ count: Int,
        _ body: (Span<T>, inout MutableSpan<T>) -> Void
    ) {
        let (stride, alignment) = (MemoryLayout<T>.stride, MemoryLayout<T>.alignment)
        if areAll && Int(bitPattern: lower) % alignment == 0 && Int(bitPattern: higher) % alignment == 0 {
            let lower = UnsafeBufferPointer(start: lower.assumingMemoryBound(to: T.self), count: count)
            let higher = UnsafeMutableBufferPointer(start: higher.assumingMemoryBound(to: T.self), count: count)
            var result = higher.mutableSpan
            return body(lower.span, &result)
        }
        let capacity = max(1, min(count, 4096 / stride))
        withUnsafeTemporaryAllocation(byteCount: 2 * capacity * stride, alignment: alignment) { copies in
            copies.initializeMemory(as: UInt8.self, repeating: 0)
            let (first, second) = (copies.baseAddress!, copies.baseAddress! + capacity * stride)
            for start in Swift.stride(from: 0, to: count, by: capacity) {
                let block = min(capacity, count - start)
                copy(block, from: lower + start * stride, to: first + self.start)
                copy(block, from: UnsafeRawPointer(higher + start * stride), to: second + self.start)
                let lowers = UnsafeBufferPointer(start: first.assumingMemoryBound(to: T.self), count: block)
                let highers = UnsafeMutableBufferPointer(start: second.assumingMemoryBound(to: T.self), count: block)
                var result = highers.mutableSpan
                body(lowers.span, &result)
                copy(block, from: second + self.start, to: higher + start * stride)
            }
        }
    }

    /// Copies the described bytes of values, given the addresses of their first described bytes.
    private func copy(_ count: Int, from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer) {
        let stride = MemoryLayout<T>.stride
        if pieces == [0..<stride] { return destination.copyMemory(from: source, byteCount: count * stride) }
        for piece in pieces {
            for offset in Swift.stride(from: piece.lowerBound - start, to: count * stride, by: stride) {
                (destination + offset).copyMemory(from: source + offset, byteCount: piece.count)
            }
        }
    }
}
