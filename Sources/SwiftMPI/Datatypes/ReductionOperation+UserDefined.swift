internal import CMPI

extension ReductionOperation {
    /// Makes an operation of a closure that combines two values.
    ///
    /// The operation must be associative. Values combine in the order of their ranks, `combine(lower, higher)`, unless
    /// it is commutative as well: then MPI may choose. Floating-point results may depend on the number of ranks.
    ///
    /// The operation is freed with its last reference; a pending request holds one. A program can have
    /// 32 at a time, so keep one that is used often.
    ///
    /// ```swift
    /// let nearest = try ReductionOperation<Particle>(commutative: true) { $0.distance < $1.distance ? $0 : $1 }
    /// let winner = try world.Allreduce(mine, op: nearest)
    /// ```
    ///
    /// - Parameters:
    ///   - commutative: Whether the order does not matter.
    ///   - combine: Makes one value of two. Runs on whatever thread calls MPI, and must not call MPI itself.
    /// - Throws: ``MPIError`` where 32 exist already.
    ///
    /// MPI: `MPI_Op_create`, MPI-3.1 §5.9.5.
    @inlinable
    public init(commutative: Bool = false, _ combine: @escaping @Sendable (T, T) -> T) throws(MPIError) {
        self = try .onBuffers(commutative: commutative) { lower, higher in
            for index in lower.indices { higher[index] = combine(lower[index], higher[index]) }
        }
    }

    /// Makes an operation of a closure that combines many values at once, such as one that uses vector instructions.
    ///
    /// - Parameters:
    ///   - commutative: Whether the order does not matter.
    ///   - combine: Replaces each element of `higher` by that of `lower` combined with it. Is called any number of times,
    ///     each time with as many elements as MPI likes.
    /// - Throws: ``MPIError`` as ``init(commutative:_:)`` does.
    ///
    /// MPI: `MPI_Op_create`, MPI-3.1 §5.9.5.
    @inlinable
    public static func onBuffers(
        commutative: Bool = false,
        _ combine: @escaping @Sendable (_ lower: Span<T>, _ higher: inout MutableSpan<T>) -> Void
    ) throws(MPIError) -> Self {
        let definition = try UserOperation(commutative: commutative, on: T.self) { lower, higher, count in
            let alignment = MemoryLayout<T>.alignment
            if Int(bitPattern: lower) % alignment == 0 && Int(bitPattern: higher) % alignment == 0 {
                apply(combine, lower, higher, count)
                return
            }
            // MPI's own buffers suit C's types; a Swift vector may need more.
            withUnsafeTemporaryAllocation(of: T.self, capacity: 2) { copies in
                let (first, second) = (copies.baseAddress!, copies.baseAddress! + 1)
                for offset in stride(from: 0, to: count * MemoryLayout<T>.stride, by: MemoryLayout<T>.stride) {
                    first.initialize(to: lower.loadUnaligned(fromByteOffset: offset, as: T.self))
                    second.initialize(to: higher.loadUnaligned(fromByteOffset: offset, as: T.self))
                    apply(combine, first, second, 1)
                    (higher + offset).copyMemory(from: second, byteCount: MemoryLayout<T>.size)
                }
            }
        }
        return Self(definition)
    }

    @inlinable
    static func apply(
        _ combine: (Span<T>, inout MutableSpan<T>) -> Void,
        _ lower: UnsafeRawPointer, _ higher: UnsafeMutableRawPointer, _ count: Int
    ) {
        let lower = UnsafeBufferPointer(start: lower.assumingMemoryBound(to: T.self), count: count)
        let higher = UnsafeMutableBufferPointer(start: higher.assumingMemoryBound(to: T.self), count: count)
        var result = higher.mutableSpan
        combine(lower.span, &result)
    }
}
