// Calls that are easily written by mistake in place of a reduction. They do not exist; these declarations only give the
// compiler a helpful message. The lowercase reductions take a closure and the uppercase reductions an operation; for
// buffers, they also need a place for the result. Nothing here can be called.

extension Communicator {
    @available(*, unavailable, message: "a closure says how two objects combine: allreduce(object, +)")
    public final func allreduce<T: Codable>(_ object: T) throws -> T { fatalError() }

    @available(*, unavailable, message: "use Allreduce(_:op:) for an MPI operation, or a closure: allreduce(object, +)")
    public final func allreduce<T: MPIDatatype>(_ object: T, op: ReductionOperation<T>) throws -> T { fatalError() }

    @available(*, unavailable, message: "a closure says how two objects combine: reduce(object, +)")
    public final func reduce<T: Codable>(_ object: T, root: Int = 0) throws -> T? { fatalError() }

    @available(*, unavailable, message: "use Reduce(_:op:) for an MPI operation, or a closure: reduce(object, +)")
    public final func reduce<T: MPIDatatype>(_ object: T, op: ReductionOperation<T>, root: Int = 0) throws -> T? {
        fatalError()
    }

    @available(*, unavailable, message: "a closure says how two objects combine: scan(object, +)")
    public final func scan<T: Codable>(_ object: T) throws -> T { fatalError() }

    @available(*, unavailable, message: "use Scan(_:op:) for an MPI operation, or a closure: scan(object, +)")
    public final func scan<T: MPIDatatype>(_ object: T, op: ReductionOperation<T>) throws -> T { fatalError() }

    @available(*, unavailable, message: "a closure says how two objects combine: exscan(object, +)")
    public final func exscan<T: Codable>(_ object: T) throws -> T? { fatalError() }

    @available(*, unavailable, message: "use Exscan(_:op:) for an MPI operation, or a closure: exscan(object, +)")
    public final func exscan<T: MPIDatatype>(_ object: T, op: ReductionOperation<T>) throws -> T? { fatalError() }
}

extension Communicator {
    @available(
        *, unavailable,
        message: "a buffer needs a place for the result: Allreduce(_:into:op:) or Allreduce(inPlace:op:)"
    )
    public final func Allreduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) { fatalError() }

    @available(
        *, unavailable, message: "a buffer needs a place for the result: Reduce(_:into:op:) or Reduce(inPlace:op:)"
    )
    public final func Reduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) { fatalError() }

    @available(*, unavailable, message: "a buffer needs a place for the result: Scan(_:into:op:) or Scan(inPlace:op:)")
    public final func Scan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) { fatalError() }

    @available(
        *, unavailable, message: "a buffer needs a place for the result: Exscan(_:into:op:) or Exscan(inPlace:op:)"
    )
    public final func Exscan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) { fatalError() }
}

extension Communicator {
    @available(*, unavailable, message: "the closure has no label: allreduce(object, +)")
    public final func allreduce<T: Codable>(_ object: T, op: (T, T) throws -> T) throws -> T { fatalError() }

    @available(*, unavailable, message: "the closure has no label: reduce(object, +)")
    public final func reduce<T: Codable>(_ object: T, op: (T, T) throws -> T, root: Int = 0) throws -> T? {
        fatalError()
    }

    @available(*, unavailable, message: "the closure has no label: scan(object, +)")
    public final func scan<T: Codable>(_ object: T, op: (T, T) throws -> T) throws -> T { fatalError() }

    @available(*, unavailable, message: "the closure has no label: exscan(object, +)")
    public final func exscan<T: Codable>(_ object: T, op: (T, T) throws -> T) throws -> T? { fatalError() }
}

extension Communicator {
    @available(*, unavailable, message: "use Allreduce(inPlace:op:) for an MPI operation, element by element")
    public final func allreduce<T: MPIDatatype>(_ object: [T], op: ReductionOperation<T>) throws -> [T] { fatalError() }

    @available(*, unavailable, message: "use Reduce(inPlace:op:root:) for an MPI operation, element by element")
    public final func reduce<T: MPIDatatype>(_ object: [T], op: ReductionOperation<T>, root: Int = 0) throws -> [T]? {
        fatalError()
    }

    @available(*, unavailable, message: "use Scan(inPlace:op:) for an MPI operation, element by element")
    public final func scan<T: MPIDatatype>(_ object: [T], op: ReductionOperation<T>) throws -> [T] { fatalError() }

    @available(*, unavailable, message: "use Exscan(inPlace:op:) for an MPI operation, element by element")
    public final func exscan<T: MPIDatatype>(_ object: [T], op: ReductionOperation<T>) throws -> [T]? { fatalError() }
}

extension Communicator {
    @available(
        *, unavailable,
        message: "a buffer needs a place for the result: Allreduce(_:into:op:) or Allreduce(inPlace:op:)"
    )
    public final func Allreduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, op combine: (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) { fatalError() }

    @available(
        *, unavailable, message: "a buffer needs a place for the result: Reduce(_:into:op:) or Reduce(inPlace:op:)"
    )
    public final func Reduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, root: Int = 0,
        op combine: (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) { fatalError() }

    @available(
        *, unavailable, message: "a buffer needs a place for the result: Scan(_:into:op:) or Scan(inPlace:op:)"
    )
    public final func Scan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, op combine: (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) { fatalError() }

    @available(
        *, unavailable, message: "a buffer needs a place for the result: Exscan(_:into:op:) or Exscan(inPlace:op:)"
    )
    public final func Exscan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, op combine: (_ lower: T, _ higher: T) -> T
    ) throws(MPIError) { fatalError() }
}

extension Communicator {
    @available(
        *, unavailable,
        message: "ranks other than the root cannot know how much comes: Scatter(_:into:root:), or Scatterv(_:root:)"
    )
    public final func Scatter<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, root: Int = 0
    ) throws(MPIError) -> [T] { fatalError() }
}
