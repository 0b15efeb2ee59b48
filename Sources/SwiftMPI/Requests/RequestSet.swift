/// A group of requests that own their buffers, to wait for together or in the order in which they complete.
///
/// ```swift
/// var replies = try RequestSet(1..<world.size) { worker in
///     try world.Irecv(into: [Double](repeating: 0, count: n), source: worker)
/// }
/// while let (index, reply, _) = try replies.waitAny() { … }
/// ```
///
/// Dropping a set while requests are pending ends the job. For requests that borrow their buffers, see
/// ``RequestScope``.
///
/// MPI: `MPI_Waitall` and its relatives, MPI-3.1 §3.7.5.
public struct RequestSet<Buffer>: ~Copyable {
    /// The values that a request keeps alive.
    private struct Kept {
        var buffer: Buffer
        var communicator: Communicator
        var others: [any KeptByRequest]
    }

    private var operations = PendingOperations()
    private var kept: [Int: Kept] = [:]
    private var nextIndex = 0

    /// Creates an empty set.
    public init() {}

    /// Creates a set with one request for each element of a sequence, in the order of the sequence.
    ///
    /// - Parameters:
    ///   - elements: The elements, such as the ranks to receive from.
    ///   - start: Starts the request for an element.
    /// - Throws: The error that `start` throws. If a request was started before, the job ends instead, because that
    ///   request is dropped.
    public init<Element, Failure: Error>(
        _ elements: some Sequence<Element>, _ start: (Element) throws(Failure) -> Request<Buffer>
    ) throws(Failure) {
        for element in elements { append(try start(element)) }
    }

    /// The number of requests whose buffer or error has not been returned yet.
    public var count: Int { operations.count }

    /// Adds a request, which gets the next index.
    public mutating func append(_ request: consuming Request<Buffer>) {
        kept[nextIndex] = Kept(buffer: request.buffer, communicator: request.communicator, others: request.kept)
        operations.add(request.operation, at: nextIndex)
        nextIndex += 1
    }

    /// Waits for all requests and empties the set.
    ///
    /// - Returns: The remaining buffers, in the order of their indices. The next request that is added gets index 0.
    /// - Throws: ``MPIError`` of a request that failed, with its index in ``MPIError/requestIndex``, after all are
    ///   complete. That request then leaves the set; the next call returns the buffers of the other requests.
    ///
    /// MPI: `MPI_Wait` of each, MPI-3.1 §3.7.3.
    public mutating func waitAll() throws(MPIError) -> [Buffer] {
        do { try operations.waitAll() } catch { throw forgetting(error) }
        let buffers = kept.sorted { $0.key < $1.key }.map(\.value.buffer)
        kept = [:]
        nextIndex = 0
        return buffers
    }

    /// Returns whether all requests are complete, without waiting. If they are, ``waitAll()`` returns the buffers
    /// immediately.
    ///
    /// - Throws: The same errors as ``waitAll()``.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testAll() throws(MPIError) -> Bool {
        do { return try operations.testAll() } catch { throw forgetting(error) }
    }

    /// Waits until any request is complete.
    ///
    /// - Returns: The index, buffer and status of the request, or `nil` if none is left.
    /// - Throws: ``MPIError`` of a request that failed, with its index in ``MPIError/requestIndex``. Each error is
    ///   thrown once, and only when no other request is complete. The request then leaves the set.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitAny() throws(MPIError) -> (index: Int, buffer: Buffer, status: Status)? {
        try any(.waiting)
    }

    /// Returns a completed request if there is one, like ``waitAny()`` but without waiting.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws(MPIError) -> (index: Int, buffer: Buffer, status: Status)? {
        try any(.testing)
    }

    /// Waits until at least one request is complete and returns all completed requests.
    ///
    /// - Returns: The indices, buffers and statuses of the requests; empty if none is left.
    /// - Throws: The same errors as ``waitAny()``.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitSome() throws(MPIError) -> [(index: Int, buffer: Buffer, status: Status)] {
        try some(.waiting)
    }

    /// Returns all completed requests, like ``waitSome()`` but without waiting.
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
