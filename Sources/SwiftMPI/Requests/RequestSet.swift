/// Requests that own their buffers, to be waited for together or in the order in which they complete.
///
/// ```swift
/// var replies = try RequestSet(1..<world.size) { worker in
///     try world.Irecv(into: [Double](repeating: 0, count: n), source: worker)
/// }
/// while let (index, reply, _) = try replies.waitAny() { … }
/// ```
///
/// A set that is dropped while requests are pending ends the job. For requests that borrow their buffers see
/// ``RequestScope``.
///
/// MPI: `MPI_Waitall` and its relatives, MPI-3.1 §3.7.5.
public struct RequestSet<Buffer>: ~Copyable {
    /// What belongs to a request.
    private struct Kept {
        var buffer: Buffer
        var communicator: Communicator
        var others: [any KeptByRequest]
    }

    private var operations = PendingOperations()
    private var kept: [Int: Kept] = [:]
    private var nextIndex = 0

    /// An empty set.
    public init() {}

    /// The requests that `start` starts, one for each element of a sequence, in its order.
    ///
    /// - Parameters:
    ///   - elements: Such as the ranks to receive from.
    ///   - start: Starts a request.
    /// - Throws: What `start` throws, which ends the job if a request before is pending.
    public init<Element, Failure: Error>(
        _ elements: some Sequence<Element>, _ start: (Element) throws(Failure) -> Request<Buffer>
    ) throws(Failure) {
        for element in elements { append(try start(element)) }
    }

    /// How many requests are in the set: neither their buffers nor their errors were given out.
    public var count: Int { operations.count }

    /// Adds a request, which gets the next index.
    public mutating func append(_ request: consuming Request<Buffer>) {
        kept[nextIndex] = Kept(buffer: request.buffer, communicator: request.communicator, others: request.kept)
        operations.add(request.operation, at: nextIndex)
        nextIndex += 1
    }

    /// Waits for all requests and empties the set.
    ///
    /// - Returns: The buffers it still had, in the order of their indices. The next request gets index 0.
    /// - Throws: After all are complete, ``MPIError`` of a request that failed, whose index is
    ///   ``MPIError/requestIndex``. That one is out of the set then; the next call gives the buffers of the others.
    ///
    /// MPI: `MPI_Wait` of each, MPI-3.1 §3.7.3.
    public mutating func waitAll() throws(MPIError) -> [Buffer] {
        do { try operations.waitAll() } catch { throw forgetting(error) }
        let buffers = kept.sorted { $0.key < $1.key }.map(\.value.buffer)
        kept = [:]
        nextIndex = 0
        return buffers
    }

    /// Looks whether all requests are complete, without waiting; ``waitAll()`` then gives the buffers back at once.
    ///
    /// - Throws: As ``waitAll()``.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testAll() throws(MPIError) -> Bool {
        do { return try operations.testAll() } catch { throw forgetting(error) }
    }

    /// Waits until some request is complete.
    ///
    /// - Returns: Its index, its buffer and its status; `nil` when none is left.
    /// - Throws: ``MPIError`` of a request that failed, whose index is ``MPIError/requestIndex``: once, and when no
    ///   other is complete. It is out of the set then.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitAny() throws(MPIError) -> (index: Int, buffer: Buffer, status: Status)? {
        try any(.waiting)
    }

    /// Looks whether some request is complete, as ``waitAny()`` but without waiting.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws(MPIError) -> (index: Int, buffer: Buffer, status: Status)? {
        try any(.testing)
    }

    /// Waits until at least one request is complete and gives all that are.
    ///
    /// - Returns: Nothing when none is left.
    /// - Throws: As ``waitAny()``.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitSome() throws(MPIError) -> [(index: Int, buffer: Buffer, status: Status)] {
        try some(.waiting)
    }

    /// Gives the requests that are complete, as ``waitSome()`` but without waiting.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testSome() throws(MPIError) -> [(index: Int, buffer: Buffer, status: Status)] {
        try some(.testing)
    }

    private mutating func any(
        _ patience: PendingOperations.Patience
    ) throws(MPIError) -> (index: Int, buffer: Buffer, status: Status)? {
        do { return try operations.any(patience).map { takeBuffer($0) } } catch { throw forgetting(error) }
    }

    private mutating func some(
        _ patience: PendingOperations.Patience
    ) throws(MPIError) -> [(index: Int, buffer: Buffer, status: Status)] {
        do { return try operations.some(patience).map { takeBuffer($0) } } catch { throw forgetting(error) }
    }

    private mutating func takeBuffer(
        _ completion: (index: Int, status: Status)
    ) -> (index: Int, buffer: Buffer, status: Status) {
        (completion.index, kept.removeValue(forKey: completion.index)!.buffer, completion.status)
    }

    /// Drops the buffer of a request that failed.
    private mutating func forgetting(_ error: MPIError) -> MPIError {
        if let index = error.requestIndex { kept[index] = nil }
        return error
    }
}
