import Diffusion
import SwiftMPI

/// Fills the halo of a rank's block from the neighbors' blocks.
///
/// The halo is as deep as there are time steps between two exchanges. Its columns come first; its rows follow with the
/// columns at both of their ends, which brings the corners along. While the rows travel there is time for other work:
/// ``begin(_:)``, ``exchangeRows(meanwhile:)``, ``finish(_:)``.
struct HaloExchange {
    private let columns: any HaloTransport
    private let rows: any HaloTransport

    /// Messages and bytes this rank sends in one exchange.
    var messages: Int { columns.messagesSent + rows.messagesSent }
    var bytes: Int { columns.bytesSent + rows.bytesSent }

    /// Collective.
    ///
    /// - Parameters:
    ///   - field: One of the fields to be filled, all of the same size.
    ///   - strategy: How the points get from rank to rank.
    init(_ decomposition: Decomposition, field: borrowing Field, _ strategy: HaloStrategy) throws(MPIError) {
        columns = try strategy.transport(
            between: Neighbors(low: decomposition.west, high: decomposition.east),
            count: field.halo * field.rows, decomposition)
        rows = try strategy.transport(
            between: Neighbors(low: decomposition.north, high: decomposition.south),
            count: field.halo * field.stride, decomposition)
    }

    /// Fills the columns of a field's halo, and puts out what its neighbors need for their rows.
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
    /// - Parameter work: What to do while they travel. It must leave the halo's rows alone.
    func exchangeRows(meanwhile work: () -> Void) throws(MPIError) { try rows.exchange(meanwhile: work) }

    /// Fills the rows of a field's halo.
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
