/// Requests that own their buffers, to be waited for together or in the order in which they complete.
///
/// ```swift
/// var replies = RequestSet<[Double]>()
/// for worker in 1..<world.size {
///     replies.add(try world.Irecv(into: [Double](repeating: 0, count: n), source: worker))
/// }
/// while let (index, reply, _) = try replies.waitAny() { … }
/// ```
///
/// A set that is dropped while requests are pending ends the job. For requests that borrow their buffers see
/// ``RequestScope``.
///
/// MPI: `MPI_Waitall` and its relatives, MPI-3.1 §3.7.5.
public struct RequestSet<Buffer>: ~Copyable {
    private var operations = PendingOperations()
    private var buffers: [Buffer?] = []
    private var kept: [(Communicator, tables: [Any?])] = []

    /// An empty set.
    public init() {}

    /// How many requests are in the set whose buffers it has not given back.
    public var count: Int { buffers.count { $0 != nil } }

    /// Adds a request, which gets the next index.
    public mutating func add(_ request: consuming Request<Buffer>) {
        buffers.append(request.buffer)
        kept.append((request.communicator, request.tables))
        operations.add(request.operation)
    }

    /// Waits for all requests and empties the set.
    ///
    /// - Returns: The buffers it still had, in the order of their indices.
    /// - Throws: ``MPIError`` of the first that failed; the set is empty then, too.
    ///
    /// MPI: `MPI_Wait` of each, MPI-3.1 §3.7.3.
    public mutating func waitAll() throws(MPIError) -> [Buffer] {
        defer {
            operations.removeAll()
            buffers = []
            kept = []
        }
        try operations.waitAll()
        return buffers.compactMap(\.self)
    }

    /// Looks whether all requests are complete, without waiting; ``waitAll()`` then gives the buffers back at once.
    ///
    /// MPI: `MPI_Testall`, MPI-3.1 §3.7.5.
    public mutating func testAll() throws(MPIError) -> Bool { try operations.testAll() }

    /// Waits until some request is complete.
    ///
    /// - Returns: Its index, its buffer and its status; `nil` when none is left.
    ///
    /// MPI: `MPI_Waitany`, MPI-3.1 §3.7.5.
    public mutating func waitAny() throws(MPIError) -> (index: Int, buffer: Buffer, status: Status)? {
        try operations.waitAny().map { takeBuffer($0) }
    }

    /// Looks whether some request is complete, as ``waitAny()`` but without waiting.
    ///
    /// MPI: `MPI_Testany`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws(MPIError) -> (index: Int, buffer: Buffer, status: Status)? {
        try operations.testAny().map { takeBuffer($0) }
    }

    /// Waits until at least one request is complete and gives all that are.
    ///
    /// - Returns: Nothing when none is left.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitSome() throws(MPIError) -> [(index: Int, buffer: Buffer, status: Status)] {
        try operations.waitSome().map { takeBuffer($0) }
    }

    /// Gives the requests that are complete, as ``waitSome()`` but without waiting.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testSome() throws(MPIError) -> [(index: Int, buffer: Buffer, status: Status)] {
        try operations.testSome().map { takeBuffer($0) }
    }

    private mutating func takeBuffer(
        _ completion: (index: Int, status: Status)
    ) -> (index: Int, buffer: Buffer, status: Status) {
        (completion.index, buffers[completion.index].take()!, completion.status)
    }
}
