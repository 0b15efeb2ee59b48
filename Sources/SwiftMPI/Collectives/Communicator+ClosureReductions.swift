// Reductions with a closure in place of a ReductionOperation. Each call creates an operation, which takes a few
// microseconds; code that reduces often should keep an operation.

extension Communicator {
    /// Combines one value from each rank with a closure, on every rank.
    ///
    /// Values are combined in rank order. See ``ReductionOperation/init(commutative:file:line:_:)`` for the rules that
    /// the closure must follow, and to create an operation that can be kept.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Allreduce`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(
        _ value: T, file: StaticString = #fileID, line: Int = #line,
        op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) -> T {
        try Allreduce(value, op: ReductionOperation(file: file, line: line, combine))
    }

    /// Combines the ranks' buffers element by element with a closure, as ``Allreduce(_:file:line:op:)`` does.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Allreduce`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        file: StaticString = #fileID, line: Int = #line, op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) {
        try Allreduce(part, into: &result, op: ReductionOperation(file: file, line: line, combine))
    }

    /// Combines the ranks' buffers in place with a closure, as ``Allreduce(_:file:line:op:)`` does.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Allreduce` with `MPI_IN_PLACE`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        file: StaticString = #fileID, line: Int = #line, op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) {
        try Allreduce(inPlace: &buffer, op: ReductionOperation(file: file, line: line, combine))
    }
}

extension Communicator {
    /// Combines one value from each rank with a closure, on the root.
    ///
    /// Values are combined in rank order. See ``ReductionOperation/init(commutative:file:line:_:)`` for the rules that
    /// the closure must follow, and to create an operation that can be kept.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Reduce`, MPI-3.1 §5.9.1.
    @inlinable
    public final func Reduce<T: MPIDatatype>(
        _ value: T, root: Int = 0, file: StaticString = #fileID, line: Int = #line,
        op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) -> T? {
        try Reduce(value, op: ReductionOperation(file: file, line: line, combine), root: root)
    }

    /// Combines the ranks' buffers element by element with a closure, as ``Reduce(_:root:file:line:op:)`` does.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Reduce`, MPI-3.1 §5.9.1.
    @inlinable
    public final func Reduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, root: Int = 0,
        file: StaticString = #fileID, line: Int = #line, op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) {
        try Reduce(part, into: &result, op: ReductionOperation(file: file, line: line, combine), root: root)
    }

    /// Combines the ranks' buffers in place with a closure, as ``Reduce(_:root:file:line:op:)`` does.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Reduce` with `MPI_IN_PLACE`, MPI-3.1 §5.9.1.
    @inlinable
    public final func Reduce<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, root: Int = 0,
        file: StaticString = #fileID, line: Int = #line, op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) {
        try Reduce(inPlace: &buffer, op: ReductionOperation(file: file, line: line, combine), root: root)
    }
}

extension Communicator {
    /// Combines one value from each rank up to and including this rank with a closure.
    ///
    /// Values are combined in rank order. See ``ReductionOperation/init(commutative:file:line:_:)`` for the rules that
    /// the closure must follow, and to create an operation that can be kept.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Scan`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(
        _ value: T, file: StaticString = #fileID, line: Int = #line,
        op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) -> T {
        try Scan(value, op: ReductionOperation(file: file, line: line, combine))
    }

    /// Combines the ranks' buffers element by element with a closure, as ``Scan(_:file:line:op:)`` does.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Scan`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        file: StaticString = #fileID, line: Int = #line, op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) {
        try Scan(part, into: &result, op: ReductionOperation(file: file, line: line, combine))
    }

    /// Combines the ranks' buffers in place with a closure, as ``Scan(_:file:line:op:)`` does.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Scan` with `MPI_IN_PLACE`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        file: StaticString = #fileID, line: Int = #line, op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) {
        try Scan(inPlace: &buffer, op: ReductionOperation(file: file, line: line, combine))
    }
}

extension Communicator {
    /// Combines one value from each rank before this rank with a closure.
    ///
    /// Values are combined in rank order. See ``ReductionOperation/init(commutative:file:line:_:)`` for the rules that
    /// the closure must follow, and to create an operation that can be kept.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Exscan`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(
        _ value: T, file: StaticString = #fileID, line: Int = #line,
        op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) -> T? {
        try Exscan(value, op: ReductionOperation(file: file, line: line, combine))
    }

    /// Combines the ranks' buffers element by element with a closure, as ``Exscan(_:file:line:op:)`` does.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Exscan`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        file: StaticString = #fileID, line: Int = #line, op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) {
        try Exscan(part, into: &result, op: ReductionOperation(file: file, line: line, combine))
    }

    /// Combines the ranks' buffers in place with a closure, as ``Exscan(_:file:line:op:)`` does.
    ///
    /// MPI: `MPI_Op_create`, `MPI_Exscan` with `MPI_IN_PLACE`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        file: StaticString = #fileID, line: Int = #line, op combine: @escaping @Sendable (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) {
        try Exscan(inPlace: &buffer, op: ReductionOperation(file: file, line: line, combine))
    }
}
