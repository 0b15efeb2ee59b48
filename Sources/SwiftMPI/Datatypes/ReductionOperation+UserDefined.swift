extension ReductionOperation {
    /// Makes an operation of a closure that combines two values.
    ///
    /// The operation must be associative. Values combine in the order of their ranks, `combine(lower, higher)`, unless
    /// it is commutative as well: then MPI may choose. Floating-point results may depend on the number of ranks.
    ///
    /// The operation is freed with its last reference; a pending request holds one. Making one takes some microseconds,
    /// so keep one that is used often. Of a structure the closure sees the properties that travel; the others are
    /// zeros.
    ///
    /// ```swift
    /// let nearest = try ReductionOperation<Particle>(commutative: true) { $0.distance < $1.distance ? $0 : $1 }
    /// let winner = try world.Allreduce(mine, op: nearest)
    /// ```
    ///
    /// - Parameters:
    ///   - commutative: Whether the order does not matter.
    ///   - file: Where the operation is made, for the last line of a rank whose closure traps.
    ///   - line: Of the file.
    ///   - combine: Makes one value of two. Runs on whatever thread calls MPI, and must not call MPI itself.
    /// - Throws: ``MPIError`` outside ``MPI/run(threads:_:)``.
    ///
    /// MPI: `MPI_Op_create`, MPI-3.1 §5.9.5.
    @inlinable
    public init(
        commutative: Bool = false, file: StaticString = #fileID, line: Int = #line,
        _ combine: @escaping @Sendable (T, T) -> T
    ) throws(MPIError) {
        self = try .onBuffers(commutative: commutative, file: file, line: line) { lower, higher in
            for index in lower.indices { higher[index] = combine(lower[index], higher[index]) }
        }
    }

    /// Makes an operation of a closure that combines many values at once, such as one that uses vector instructions.
    ///
    /// - Parameters:
    ///   - commutative: Whether the order does not matter.
    ///   - file: Where the operation is made, as for ``init(commutative:file:line:_:)``.
    ///   - line: Of the file.
    ///   - combine: Replaces each element of `higher` by that of `lower` combined with it. Is called any number of
    ///     times, each time with as many elements as MPI likes.
    /// - Throws: ``MPIError`` as ``init(commutative:file:line:_:)`` does.
    ///
    /// MPI: `MPI_Op_create`, MPI-3.1 §5.9.5.
    @inlinable
    public static func onBuffers(
        commutative: Bool = false, file: StaticString = #fileID, line: Int = #line,
        _ combine: @escaping @Sendable (_ lower: Span<T>, _ higher: inout MutableSpan<T>) -> Void
    ) throws(MPIError) -> Self {
        Self(.userDefined(try UserOperation(commutative: commutative, file: file, line: line, combine)))
    }
}
