import Diffusion
import SwiftMPI

/// A rank's block of the field, and the exchange that fills its halo from the neighbours' blocks.
///
/// Rows of the halo are sent from and received into the field itself. Columns are not contiguous; they go through
/// buffers of their own. The five-point stencil needs no corners.
struct HaloField: ~Copyable {
    let field: Field
    private var requests: PersistentRequests
    private let columns: ColumnBuffers
    private let hasWest: Bool
    private let hasEast: Bool

    /// Messages and bytes this rank sends in one exchange.
    var messages: Int { requests.messagesSent }
    var bytes: Int { requests.bytesSent }

    init(_ decomposition: Decomposition) throws(MPIError) {
        let isEmpty = decomposition.isEmpty
        let rows = isEmpty ? 0 : decomposition.rows.count
        let field = Field(rows: rows, columns: isEmpty ? 0 : decomposition.columns.count)
        let hasWest = decomposition.west != MPI.procNull
        let hasEast = decomposition.east != MPI.procNull
        let columns = ColumnBuffers(rows: hasWest || hasEast ? rows : 0)

        // A tag is the direction a message travels.
        let (north, south, west, east) = (1, 2, 3, 4)
        var requests = PersistentRequests(
            on: decomposition.communicator, yields: decomposition.sharesProcessors)
        try requests.addReceive(into: field.interior(ofRow: 0), source: decomposition.north, tag: south)
        try requests.addReceive(into: field.interior(ofRow: rows + 1), source: decomposition.south, tag: north)
        try requests.addReceive(into: columns.fromWest, source: decomposition.west, tag: east)
        try requests.addReceive(into: columns.fromEast, source: decomposition.east, tag: west)
        try requests.addSend(field.interior(ofRow: 1), dest: decomposition.north, tag: north)
        try requests.addSend(field.interior(ofRow: rows), dest: decomposition.south, tag: south)
        try requests.addSend(columns.toWest, dest: decomposition.west, tag: west)
        try requests.addSend(columns.toEast, dest: decomposition.east, tag: east)
        self.init(field, requests, columns, hasWest: hasWest, hasEast: hasEast)
    }

    private init(
        _ field: consuming Field, _ requests: consuming PersistentRequests, _ columns: consuming ColumnBuffers,
        hasWest: Bool, hasEast: Bool
    ) {
        self.field = field
        self.requests = requests
        self.columns = columns
        self.hasWest = hasWest
        self.hasEast = hasEast
    }

    /// Starts sending this block's edges and receiving the neighbours'.
    ///
    /// Until ``finishExchange()`` the field may be read, but its halo is not valid.
    mutating func startExchange() throws(MPIError) {
        if hasWest { copy(fieldColumn: 1, to: columns.toWest) }
        if hasEast { copy(fieldColumn: field.columns, to: columns.toEast) }
        try requests.start()
    }

    /// Waits for the exchange; the halo is valid then.
    mutating func finishExchange() throws(MPIError) {
        try requests.wait()
        if hasWest { copy(columns.fromWest, toFieldColumn: 0) }
        if hasEast { copy(columns.fromEast, toFieldColumn: field.columns + 1) }
    }

    private func copy(fieldColumn column: Int, to buffer: UnsafeMutableBufferPointer<Double>) {
        for row in buffer.indices { buffer[row] = field[row + 1, column] }
    }

    private func copy(_ buffer: UnsafeMutableBufferPointer<Double>, toFieldColumn column: Int) {
        for row in buffer.indices { field[row + 1, column] = buffer[row] }
    }
}

/// Contiguous memory for the columns of a halo, which never moves.
private struct ColumnBuffers: ~Copyable {
    private let memory: UnsafeMutableBufferPointer<Double>
    private let rows: Int

    init(rows: Int) {
        self.rows = rows
        memory = .allocate(capacity: 4 * rows)
        memory.initialize(repeating: 0)
    }

    deinit { memory.deallocate() }

    var toWest: UnsafeMutableBufferPointer<Double> { part(0) }
    var toEast: UnsafeMutableBufferPointer<Double> { part(1) }
    var fromWest: UnsafeMutableBufferPointer<Double> { part(2) }
    var fromEast: UnsafeMutableBufferPointer<Double> { part(3) }

    private func part(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
        UnsafeMutableBufferPointer(rebasing: memory[index * rows..<(index + 1) * rows])
    }
}
