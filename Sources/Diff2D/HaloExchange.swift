import Diffusion
import SwiftMPI

/// Fills the halo of a rank's block from the neighbors' blocks.
///
/// The depth of the halo is the number of time steps between two exchanges. Halo columns are exchanged first. Halo rows
/// follow and include the columns at both ends, so that the corners need no messages of their own. Other work can be
/// done while the rows are in flight. An exchange consists of ``begin(_:)``, ``exchangeRows(meanwhile:)`` and
/// ``finish(_:)``, in this order.
struct HaloExchange {
    private let columns: any HaloTransport
    private let rows: any HaloTransport

    /// The number of messages and bytes that this rank sends in one exchange.
    var messages: Int { columns.messagesSent + rows.messagesSent }
    var bytes: Int { columns.bytesSent + rows.bytesSent }

    /// Collective.
    ///
    /// - Parameters:
    ///   - field: A field of the same size as the fields whose halos will be exchanged.
    ///   - strategy: The way in which points are transferred between ranks.
    init(_ decomposition: Decomposition, field: borrowing Field, _ strategy: HaloStrategy) throws(MPIError) {
        columns = try strategy.transport(
            between: Neighbors(low: decomposition.west, high: decomposition.east),
            count: field.halo * field.rows, decomposition)
        rows = try strategy.transport(
            between: Neighbors(low: decomposition.north, high: decomposition.south),
            count: field.halo * field.stride, decomposition)
    }

    /// Exchanges the halo columns of a field, and copies its outgoing rows to the transport's buffers.
    func begin(_ field: inout Field) throws(MPIError) {
        let depth = field.halo
        columns.begin()
        if let west = columns.outgoing(.low) { copyColumns(of: field, 1..<1 + depth, to: west) }
        if let east = columns.outgoing(.high) {
            copyColumns(of: field, field.columns + 1 - depth..<field.columns + 1, to: east)
        }
        try columns.exchange(meanwhile: {})
        if let west = columns.incoming(.low) { copyColumns(west, to: &field, 1 - depth..<1) }
        if let east = columns.incoming(.high) {
            copyColumns(east, to: &field, field.columns + 1..<field.columns + 1 + depth)
        }

        rows.begin()
        if let north = rows.outgoing(.low) { copy(field.wholeRows(1..<1 + depth), to: north) }
        if let south = rows.outgoing(.high) {
            copy(field.wholeRows(field.rows + 1 - depth..<field.rows + 1), to: south)
        }
    }

    /// Exchanges the rows.
    ///
    /// - Parameter work: The work to do while the rows are in flight. It must not access the halo rows.
    func exchangeRows(meanwhile work: () -> Void) throws(MPIError) { try rows.exchange(meanwhile: work) }

    /// Fills the halo rows of a field with the points that have been received.
    func finish(_ field: inout Field) {
        let (depth, below) = (field.halo, field.rows + 1)
        if let north = rows.incoming(.low) { copy(north, to: field.mutableWholeRows(1 - depth..<1)) }
        if let south = rows.incoming(.high) { copy(south, to: field.mutableWholeRows(below..<below + depth)) }
    }

    private func copy(_ source: Span<Double>, to target: UnsafeMutableBufferPointer<Double>) {
        source.withUnsafeBufferPointer { target.baseAddress!.update(from: $0.baseAddress!, count: $0.count) }
    }

    private func copy(_ source: UnsafeMutableBufferPointer<Double>, to target: consuming MutableSpan<Double>) {
        target.withUnsafeMutableBufferPointer { $0.baseAddress!.update(from: source.baseAddress!, count: $0.count) }
    }

    private func copyColumns(
        of field: borrowing Field, _ columns: Range<Int>, to buffer: UnsafeMutableBufferPointer<Double>
    ) {
        for row in 0..<field.rows {
            copy(
                field.row(row + 1, columns),
                to: UnsafeMutableBufferPointer(start: buffer.baseAddress! + row * columns.count, count: columns.count))
        }
    }

    private func copyColumns(
        _ buffer: UnsafeMutableBufferPointer<Double>, to field: inout Field, _ columns: Range<Int>
    ) {
        for row in 0..<field.rows {
            copy(
                UnsafeMutableBufferPointer(start: buffer.baseAddress! + row * columns.count, count: columns.count),
                to: field.mutableRow(row + 1, columns))
        }
    }
}
