/// The parts of one buffer that are exchanged with the neighbors: the boundary of a block, which is sent, and the halo
/// around it, which is received.
///
/// Create the parts once and use them in any number of calls. Each call exchanges the whole halo and copies nothing.
///
/// ```swift
/// // A block of `rows` x `columns` points in a halo of one point; the neighbors above, below, left and right.
/// let halo = try HaloParts<Double>(
///     sending: [
///         .init(row, at: place(1, 1)), .init(row, at: place(rows, 1)),
///         .init(column, at: place(1, 1)), .init(column, at: place(1, columns)),
///     ],
///     receiving: [
///         .init(row, at: place(0, 1)), .init(row, at: place(rows + 1, 1)),
///         .init(column, at: place(1, 0)), .init(column, at: place(1, columns + 1)),
///     ])
/// try grid.Neighbor_alltoallw(halo, in: &block)
/// ```
///
/// To exchange with one neighbor at a time, see ``PartExchange``.
///
/// MPI: the counts, displacements and types of `MPI_Neighbor_alltoallw`, MPI-3.1 §7.6.4.
public struct HaloParts<Element: MPIDatatype>: Sendable {
    @usableFromInline let sent: VariableLayouts<Element>
    @usableFromInline let received: VariableLayouts<Element>

    /// Creates the parts of an exchange.
    ///
    /// - Parameters:
    ///   - sent: The part that is sent to each neighbor, in the order of ``TopologyCommunicator/neighbors``. Parts that
    ///     are sent may share elements.
    ///   - received: The part that is received from each neighbor.
    /// - Throws: ``MPIError`` if a received part shares an element with another part, or if a part begins before the
    ///   buffer.
    public init(
        sending sent: [VariableLayouts<Element>.Part], receiving received: [VariableLayouts<Element>.Part]
    ) throws(MPIError) {
        try MPI.requireRunning("HaloParts")
        self.sent = try VariableLayouts(sent)
        self.received = try VariableLayouts(received)
        if self.received.overlaps {
            throw MPIError(refused: "HaloParts", .argument, "an element would be received twice")
        }
        try requireDisjoint(sending: sent, receiving: received, "HaloParts")
    }
}

/// Throws if a part begins before the buffer, or if a part that is sent shares an element with a part that is received.
///
/// - Parameter received: Parts that do not share elements with each other.
func requireDisjoint<Element: MPIDatatype>(
    sending sent: [VariableLayouts<Element>.Part], receiving received: [VariableLayouts<Element>.Part],
    _ function: StaticString
) throws(MPIError) {
    for part in sent + received { try part.layout.require(part.count, from: part.start, inside: nil, function) }
    // Only interleaved parts need a check of every element.
    let (sentReaches, receivedReaches) = (sent.compactMap(\.reach), received.compactMap(\.reach))
    let areIntertwined = sentReaches.contains { sent in receivedReaches.contains { sent.overlaps($0) } }
    if areIntertwined, overlap(sent.flatMap(\.pieces), with: received.flatMap(\.pieces)) {
        throw MPIError(
            refused: function, .argument, "a part that is sent and a part that is received share an element")
    }
}
