// Reductions describe a buffer to MPI by its address and its number of elements, because MPI's predefined operations
// work only on predefined datatypes. More than 2³¹−1 elements are therefore reduced in chunks.

internal import CMPI

extension ReductionOperation {
    /// Reduces one buffer into another with the same number of elements.
    ///
    /// - Parameters:
    ///   - resultIsUsed: Whether this rank gets the result.
    ///   - inChunks: Whether the call can be repeated for several chunks; a nonblocking call cannot.
    ///   - call: Reduces the given number of elements at the first address into those at the second.
    @inlinable
    func reduce(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ function: StaticString,
        resultIsUsed: Bool = true, inChunks: Bool,
        _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CInt) -> CInt
    ) throws(MPIError) {
        let source = try elements(of: part, function)
        let destination = resultIsUsed ? try elements(of: result, function) : 0..<0
        if resultIsUsed && destination.count != source.count {
            throw MPIError(
                refused: function, .count,
                "the result has \(destination.count) elements, needs \(source.count)")
        }
        let stride = MemoryLayout<T>.stride
        let code = try withAddresses(part, source, &result, destination) { (part, result) throws(MPIError) in
            try forEachChunk(of: source.count, function, inChunks: inChunks) { start, count in
                call(part?.advanced(by: start * stride), result?.advanced(by: start * stride), count)
            }
        }
        try check(function, code)
    }

    /// Calls `body` with the addresses at which the operation's datatype begins in the elements of two buffers.
    @inlinable
    func withAddresses(
        _ sent: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, _ source: Range<Int>,
        _ received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ destination: Range<Int>,
        _ body: (UnsafeRawPointer?, UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        let stride = MemoryLayout<T>.stride
        return try sent.withAddress { (sent) throws(MPIError) in
            try received.withMutableAddress { (received) throws(MPIError) in
                try body(
                    sent?.advanced(by: source.lowerBound * stride + offset),
                    received?.advanced(by: destination.lowerBound * stride + offset))
            }
        }
    }

    /// Reduces a buffer in place.
    @inlinable
    func reduce(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ function: StaticString, inChunks: Bool,
        _ call: (UnsafeMutableRawPointer?, CInt) -> CInt
    ) throws(MPIError) {
        let elements = try elements(of: buffer, function)
        let stride = MemoryLayout<T>.stride
        let code = try buffer.withMutableAddress { (buffer) throws(MPIError) in
            let buffer = buffer?.advanced(by: elements.lowerBound * stride + offset)
            return try forEachChunk(of: elements.count, function, inChunks: inChunks) { start, count in
                call(buffer?.advanced(by: start * stride), count)
            }
        }
        try check(function, code)
    }

    /// Reduces a single value.
    @inlinable
    func reduce(
        _ value: T, _ function: StaticString, _ call: (UnsafeRawPointer, UnsafeMutableRawPointer, CInt) -> CInt
    ) throws(MPIError) -> T {
        var result = value
        try check(
            function,
            withUnsafeBytes(of: value) { value in
                withUnsafeMutableBytes(of: &result) { call(value.baseAddress! + offset, $0.baseAddress! + offset, 1) }
            })
        return result
    }

    /// Calls `body` with the start and count of one chunk after another, until all elements are covered or `body`
    /// returns an error.
    @inlinable
    func forEachChunk(
        of total: Int, _ function: StaticString, inChunks: Bool = true, _ body: (_ start: Int, _ count: CInt) -> CInt
    ) throws(MPIError) -> CInt {
        if total <= Int(CInt.max) { return body(0, CInt(truncatingIfNeeded: total)) }
        if !inChunks {
            throw MPIError(
                refused: function, .count, "\(total) elements are more than this call takes (\(CInt.max))")
        }
        let chunk = 1 << 30
        for start in stride(from: 0, to: total, by: chunk) {
            let code = body(start, CInt(Swift.min(chunk, total - start)))
            if code != 0 { return code }
        }
        return 0
    }

    /// Returns the positions of a buffer's elements.
    ///
    /// - Throws: ``MPIError`` for a selection with gaps, or while MPI is not running.
    @inlinable
    func elements(
        of buffer: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, _ function: StaticString
    ) throws(MPIError) -> Range<Int> {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        guard let elements = buffer.contiguousElements else {
            throw MPIError(
                refused: function, .argument,
                "a reduction takes elements that follow each other in memory; this selection has others between them")
        }
        return elements
    }

    /// Returns a copy of a buffer's elements.
    @usableFromInline
    func copy(
        of buffer: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, _ function: StaticString
    ) throws(MPIError) -> [T] {
        let elements = try elements(of: buffer, function)
        var copy: [T] = []
        _ = try buffer.withAddress { (address) throws(MPIError) in
            copy = Array(unsafeUninitializedCapacity: elements.count) { memory, count in
                if let address, !elements.isEmpty {
                    let byteCount = elements.count * MemoryLayout<T>.stride
                    UnsafeMutableRawPointer(memory.baseAddress!).copyMemory(
                        from: address + elements.lowerBound * MemoryLayout<T>.stride, byteCount: byteCount)
                    count = elements.count
                }
            }
            return CInt(MPI_SUCCESS)
        }
        return copy
    }
}
