import Diffusion
import SwiftMPI

/// The state of the simulation: this rank's block at the current time, and how it moves on.
struct Simulation: ~Copyable {
    let problem: DiffusionProblem
    let decomposition: Decomposition
    /// Steps taken so far.
    private(set) var step = 0
    /// Seconds this rank has spent in computing and in communicating.
    private(set) var computeSeconds = 0.0
    private(set) var communicationSeconds = 0.0
    /// Messages and bytes this rank has sent.
    private(set) var messages = 0
    private(set) var bytesSent = 0

    private var current: HaloField
    private var next: HaloField
    private let rows: StepRows

    /// The initial state.
    init(_ problem: DiffusionProblem, _ decomposition: Decomposition) throws(MPIError) {
        let initial = try HaloField(decomposition)
        let next = try HaloField(decomposition)
        if !decomposition.isEmpty {
            problem.setInitialState(of: initial.field, rows: decomposition.rows, columns: decomposition.columns)
        }
        self.problem = problem
        self.decomposition = decomposition
        rows = StepRows(initial.field.rows, decomposition)
        current = initial
        self.next = next
    }

    /// Gives `body` the block at the current time; its halo may be out of date.
    func withField<R, Failure: Error>(_ body: (borrowing Field) throws(Failure) -> R) throws(Failure) -> R {
        try body(current.field)
    }

    /// Takes one time step.
    ///
    /// What needs no halo is computed while the halo travels, the rest when it has arrived.
    mutating func advance() throws(MPIError) {
        let k = problem.k
        let start = MPI.wallTime
        try current.startExchange()
        let started = MPI.wallTime
        Diffusion.advance(current.field, into: next.field, rows: rows.interior, k: k)
        let computed = MPI.wallTime
        try current.finishExchange()
        let finished = MPI.wallTime
        for rim in [rows.northRim, rows.southRim] {
            Diffusion.advance(current.field, into: next.field, rows: rim, k: k)
        }
        if decomposition.west != MPI.procNull { advanceColumn(1) }
        if decomposition.east != MPI.procNull { advanceColumn(current.field.columns) }
        swap(&current, &next)

        step += 1
        messages += current.messages
        bytesSent += current.bytes
        communicationSeconds += (started - start) + (finished - computed)
        computeSeconds += (computed - started) + (MPI.wallTime - finished)
    }

    /// Computes a column next to another rank's block once more, now that its halo is there.
    private func advanceColumn(_ column: Int) {
        for row in rows.interior {
            Diffusion.advance(current.field, into: next.field, row: row, column: column, k: problem.k)
        }
    }
}

/// Which rows of a block can be computed before its halo has arrived, and which only after.
struct StepRows {
    var interior: Range<Int>
    var northRim: Range<Int>
    var southRim: Range<Int>

    /// - Parameters:
    ///   - count: Rows of the block, numbered from 1.
    ///   - decomposition: Tells on which sides there is a neighbour.
    init(_ count: Int, _ decomposition: Decomposition) {
        let end = count + 1
        let first = min(decomposition.north == MPI.procNull ? 1 : 2, end)
        let last = max(decomposition.south == MPI.procNull ? end : end - 1, first)
        interior = first..<last
        northRim = 1..<first
        southRim = last..<end
    }
}
