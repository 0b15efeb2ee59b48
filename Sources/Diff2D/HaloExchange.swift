import Diffusion
import SwiftMPI

/// A rank's block of the field, and the exchange that fills its halo from the neighbours' blocks.
///
/// The halo is as deep as there are time steps between two exchanges. Its columns come first; its rows follow with the
/// columns at both of their ends, which brings the corners along. Rows are sent from and received into the field itself,
/// whole and one after the other. Columns are not contiguous; they go through buffers of their own.
struct HaloField: ~Copyable {
    let field: Field
    private var columnRequests: PersistentRequests
    private var rowRequests: PersistentRequests
    private let columns: ColumnBuffers
    private let hasWest: Bool
    private let hasEast: Bool

    /// Messages and bytes this rank sends in one exchange.
    var messages: Int { columnRequests.messagesSent + rowRequests.messagesSent }
    var bytes: Int { columnRequests.bytesSent + rowRequests.bytesSent }

    /// - Parameter depth: How deep a halo is, and how many steps can be taken between two exchanges.
    init(_ decomposition: Decomposition, depth: Int) throws(MPIError) {
        let isEmpty = decomposition.isEmpty
        let rows = isEmpty ? 0 : decomposition.rows.count
        let field = Field(rows: rows, columns: isEmpty ? 0 : decomposition.columns.count, halo: depth)
        let hasWest = decomposition.west != MPI.procNull
        let hasEast = decomposition.east != MPI.procNull
        let columns = ColumnBuffers(count: hasWest || hasEast ? rows * depth : 0)

        // A tag is the direction a message travels.
        let (north, south, west, east) = (1, 2, 3, 4)
        let communicator = decomposition.communicator
        var columnRequests = PersistentRequests(on: communicator, yields: decomposition.sharesProcessors)
        try columnRequests.addReceive(into: columns.fromWest, source: decomposition.west, tag: east)
        try columnRequests.addReceive(into: columns.fromEast, source: decomposition.east, tag: west)
        try columnRequests.addSend(columns.toWest, dest: decomposition.west, tag: west)
        try columnRequests.addSend(columns.toEast, dest: decomposition.east, tag: east)
        var rowRequests = PersistentRequests(on: communicator, yields: decomposition.sharesProcessors)
        try rowRequests.addReceive(into: field.wholeRows(1 - depth..<1), source: decomposition.north, tag: south)
        try rowRequests.addReceive(
            into: field.wholeRows(rows + 1..<rows + 1 + depth), source: decomposition.south, tag: north)
        // Where there is a neighbour, the block has as many rows as the halo is deep.
        if decomposition.north != MPI.procNull {
            try rowRequests.addSend(field.wholeRows(1..<1 + depth), dest: decomposition.north, tag: north)
        }
        if decomposition.south != MPI.procNull {
            try rowRequests.addSend(field.wholeRows(rows + 1 - depth..<rows + 1), dest: decomposition.south, tag: south)
        }
        self.init(field, columnRequests, rowRequests, columns, hasWest: hasWest, hasEast: hasEast)
    }

    private init(
        _ field: consuming Field, _ columnRequests: consuming PersistentRequests,
        _ rowRequests: consuming PersistentRequests, _ columns: consuming ColumnBuffers, hasWest: Bool, hasEast: Bool
    ) {
        self.field = field
        self.columnRequests = columnRequests
        self.rowRequests = rowRequests
        self.columns = columns
        self.hasWest = hasWest
        self.hasEast = hasEast
    }

    /// Fills the halo.
    mutating func exchange() throws(MPIError) {
        let (count, depth) = (field.columns, field.halo)
        if hasWest || hasEast {
            if hasWest { copy(fieldColumns: 1..<1 + depth, to: columns.toWest) }
            if hasEast { copy(fieldColumns: count + 1 - depth..<count + 1, to: columns.toEast) }
            try columnRequests.start()
            try columnRequests.wait()
            if hasWest { copy(columns.fromWest, toFieldColumns: 1 - depth..<1) }
            if hasEast { copy(columns.fromEast, toFieldColumns: count + 1..<count + 1 + depth) }
        }
        try rowRequests.start()
        try rowRequests.wait()
    }

    private func copy(fieldColumns columns: Range<Int>, to buffer: UnsafeMutableBufferPointer<Double>) {
        for row in 0..<field.rows {
            let source = field.start(ofRow: row + 1) + (columns.lowerBound - 1)
            (buffer.baseAddress! + row * columns.count).update(from: source, count: columns.count)
        }
    }

    private func copy(_ buffer: UnsafeMutableBufferPointer<Double>, toFieldColumns columns: Range<Int>) {
        for row in 0..<field.rows {
            let target = field.start(ofRow: row + 1) + (columns.lowerBound - 1)
            target.update(from: buffer.baseAddress! + row * columns.count, count: columns.count)
        }
    }
}

/// Contiguous memory for the columns of a halo, which never moves.
private struct ColumnBuffers: ~Copyable {
    private let memory: UnsafeMutableBufferPointer<Double>
    private let count: Int

    /// - Parameter count: Points of the halo on each side.
    init(count: Int) {
        self.count = count
        memory = .allocate(capacity: 4 * count)
        memory.initialize(repeating: 0)
    }

    deinit { memory.deallocate() }

    var toWest: UnsafeMutableBufferPointer<Double> { part(0) }
    var toEast: UnsafeMutableBufferPointer<Double> { part(1) }
    var fromWest: UnsafeMutableBufferPointer<Double> { part(2) }
    var fromEast: UnsafeMutableBufferPointer<Double> { part(3) }

    private func part(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
        UnsafeMutableBufferPointer(rebasing: memory[index * count..<(index + 1) * count])
    }
}
