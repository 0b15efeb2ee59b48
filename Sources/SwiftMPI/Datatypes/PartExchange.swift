/// Two parts of one buffer to exchange with a neighbor: one is sent and the other received, such as the last column of
/// a block and its halo.
///
/// To exchange with all neighbors at once, see ``HaloParts``.
///
/// Create the exchange once and use it in any number of calls. Each call takes a single buffer and copies nothing. Two
/// ``Selection``s of the same array would both own the array, and writing to one of them would trigger copy-on-write.
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
    /// The number of elements that a buffer must have at least.
    public let extent: Int

    /// Creates an exchange.
    ///
    /// - Parameters:
    ///   - sentLayout: The layout of the part that is sent.
    ///   - sendCount: The number of items that are sent, which follow each other at the extent of the layout.
    ///   - sendStart: The position of the first item that is sent, in elements from the beginning of the buffer.
    ///   - receivedLayout: The layout of the part that is received.
    ///   - recvCount: The number of items that are received.
    ///   - recvStart: The position of the first item that is received.
    /// - Throws: ``MPIError`` if the parts share an element, an element would be received twice, or a part begins
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
