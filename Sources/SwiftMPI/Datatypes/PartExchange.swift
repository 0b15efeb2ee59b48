/// Two parts of one buffer, of which one is sent and the other received: the last column of a block and its halo.
///
/// For all neighbors at once see ``HaloParts``.
///
/// Made once and used in any number of calls, each of which sees one buffer and copies nothing. Two ``Selection``s of
/// the same array would be two owners of it, and to write to one of them copies the whole array.
///
/// ```swift
/// let column = try Layout<Double>.vector(count: rows, stride: columns)
/// let exchange = try PartExchange(sending: column, from: columns - 2, receiving: column, into: 0)
/// try world.Sendrecv(exchange, in: &block, dest: right, source: left)
/// ```
///
/// MPI: "the send and receive buffers must be disjoint", MPI-3.1 §3.10.
public struct PartExchange<Element: MPIDatatype>: Sendable {
    @usableFromInline let sent: VariableLayouts<Element>.Part
    @usableFromInline let received: VariableLayouts<Element>.Part
    /// How many elements a buffer needs at least.
    public let extent: Int

    /// - Parameters:
    ///   - sentLayout: What is sent.
    ///   - sendCount: How many items of it, which follow each other at its extent.
    ///   - sendStart: Where the first item begins, in elements from the beginning of the buffer.
    ///   - receivedLayout: What is received.
    ///   - recvCount: How many items of it.
    ///   - recvStart: Where the first item begins.
    /// - Throws: ``MPIError`` where the parts share an element, an element would be received twice, or a part begins
    ///   before the buffer.
    public init(
        sending sentLayout: Layout<Element>, sendCount: Int = 1, from sendStart: Int,
        receiving receivedLayout: Layout<Element>, recvCount: Int = 1, into recvStart: Int
    ) throws(MPIError) {
        try MPI.requireRunning("PartExchange")
        sent = .init(sentLayout, count: sendCount, at: sendStart)
        received = .init(receivedLayout, count: recvCount, at: recvStart)
        try receivedLayout.requireDisjoint(recvCount, "PartExchange")
        try requireDisjoint(sending: [sent], receiving: [received], "PartExchange")
        extent = [sent, received].compactMap(\.reach?.upperBound).max() ?? 0
    }

    /// Throws unless the parts lie inside a buffer.
    @inlinable
    func require(
        inside buffer: borrowing some SendBuffer<Element> & ~Copyable & ~Escapable, _ function: StaticString
    ) throws(MPIError) {
        try buffer.requireSingleElements(function)
        if buffer.count < extent {
            throw MPIError(
                refused: function, .count,
                "the buffer has \(buffer.count) elements, the parts that are exchanged need \(extent)")
        }
    }
}
