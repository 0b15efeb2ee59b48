// How the reductions describe their buffers to MPI: by the address and number of single elements. MPI's own operations
// are defined for predefined datatypes only, so that more than 2³¹−1 elements are reduced a chunk at a time.

internal import CMPI

extension ReductionOperation {
    /// Reduces one buffer into another of as many elements.
    ///
    /// - Parameters:
    ///   - resultIsUsed: Whether this rank gets the result.
    ///   - inChunks: Whether the call can be made several times; a nonblocking one cannot.
    ///   - call: Reduces that many elements at the first address into those at the second.
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

    /// Calls `body` with the addresses at which elements of two buffers begin for the operation's datatype.
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

    /// Reduces single values.
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

    /// Calls `body` with places and counts that together are all elements, until it returns an error.
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

    /// Where the elements of a buffer lie.
    ///
    /// - Throws: ``MPIError`` for a selection with gaps, and while MPI is not running.
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

    /// The elements of a buffer in memory of their own.
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
