extension ReductionOperation {
    /// Creates an operation from a closure that combines two values.
    ///
    /// The operation must be associative. MPI combines values in the order of their ranks, `combine(lower, higher)`. If
    /// the operation is also commutative, MPI may choose the order. Floating-point results may depend on the number of
    /// ranks.
    ///
    /// The operation is freed with its last reference; a pending request holds a reference. Creating an operation takes
    /// some microseconds, so keep operations that are used often. For a structure, the closure sees only the properties
    /// that are sent; all others are zero.
    ///
    /// ```swift
    /// let nearest = try ReductionOperation<Particle>(commutative: true) { $0.distance < $1.distance ? $0 : $1 }
    /// let winner = try world.Allreduce(mine, op: nearest)
    /// ```
    ///
    /// - Parameters:
    ///   - commutative: Whether the order of the operands does not matter.
    ///   - file: The file in which the operation is created, for the message of a rank whose closure traps.
    ///   - line: The line in that file.
    ///   - combine: Combines two values into one. Runs on the thread that calls MPI, and must not call MPI itself.
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

    /// Creates an operation from a closure that combines many values at once, for example with vector instructions.
    ///
    /// - Parameters:
    ///   - commutative: Whether the order of the operands does not matter.
    ///   - file: The file in which the operation is created, as for ``init(commutative:file:line:_:)``.
    ///   - line: The line in that file.
    ///   - combine: Replaces each element of `higher` with the corresponding element of `lower` combined with it. MPI
    ///     calls the closure any number of times, with any number of elements each time.
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
