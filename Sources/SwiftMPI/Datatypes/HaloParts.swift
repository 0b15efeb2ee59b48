/// The parts of one buffer that go to the neighbors, and those that come from them: the rim of a block and the halo
/// around it.
///
/// Made once and used in any number of calls, each of which exchanges a whole halo and copies nothing.
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
/// For one neighbor after the other see ``PartExchange``.
///
/// MPI: the counts, displacements and types of `MPI_Neighbor_alltoallw`, MPI-3.1 §7.6.4.
public struct HaloParts<Element: MPIDatatype>: Sendable {
    @usableFromInline let sent: VariableLayouts<Element>
    @usableFromInline let received: VariableLayouts<Element>

    /// - Parameters:
    ///   - sent: What each neighbor gets, in the order of ``TopologyCommunicator/neighbors``. Parts that are sent may
    ///     share elements.
    ///   - received: Where what comes from each neighbor goes.
    /// - Throws: ``MPIError`` where a part that is received shares an element with another part, or a part begins
    ///   before the buffer.
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

/// Throws where a part begins before the buffer, or one that is sent shares an element with one that is received.
///
/// - Parameter received: Parts that share no element with each other.
func requireDisjoint<Element: MPIDatatype>(
    sending sent: [VariableLayouts<Element>.Part], receiving received: [VariableLayouts<Element>.Part],
    _ function: StaticString
) throws(MPIError) {
    for part in sent + received { try part.layout.require(part.count, from: part.start, inside: nil, function) }
    // Only parts that are intertwined need a look at every element.
    let (sentReaches, receivedReaches) = (sent.compactMap(\.reach), received.compactMap(\.reach))
    let areIntertwined = sentReaches.contains { sent in receivedReaches.contains { sent.overlaps($0) } }
    if areIntertwined, overlap(sent.flatMap(\.pieces), with: received.flatMap(\.pieces)) {
        throw MPIError(
            refused: function, .argument, "a part that is sent and a part that is received share an element")
    }
}
