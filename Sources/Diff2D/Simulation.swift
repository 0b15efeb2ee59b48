import Diffusion
import SwiftMPI

/// The state of the simulation: this rank's block at the current time, and the means to advance it.
struct Simulation: ~Copyable {
    let problem: DiffusionProblem
    let decomposition: Decomposition
    /// The maximum number of time steps between two exchanges of the halo.
    let stepsPerExchange: Int
    /// The number of steps taken so far.
    private(set) var step = 0
    /// The number of seconds that this rank has spent on computing and on communicating.
    private(set) var computeSeconds = 0.0
    private(set) var communicationSeconds = 0.0
    /// The number of messages and bytes that this rank has sent.
    private(set) var messages = 0
    private(set) var bytesSent = 0

    private var current: Field
    private var next: Field
    private let halo: HaloExchange

    /// Creates the initial state. Collective.
    ///
    /// - Parameters:
    ///   - haloDepth: The number of steps between two exchanges; reduced if the blocks are too small.
    ///   - strategy: The way in which the halo is exchanged.
    init(
        _ problem: DiffusionProblem, _ decomposition: Decomposition, haloDepth: Int, _ strategy: HaloStrategy
    ) throws(MPIError) {
        stepsPerExchange = min(haloDepth, decomposition.deepestHalo)
        // A single rank needs only the boundary around its block.
        let depth = decomposition.grid.count > 1 ? stepsPerExchange : 1
        let (rows, columns) =
            decomposition.isEmpty ? (0, 0) : (decomposition.rows.count, decomposition.columns.count)
        var initial = Field(rows: rows, columns: columns, halo: depth)
        if !decomposition.isEmpty {
            problem.setInitialState(of: &initial, rows: decomposition.rows, columns: decomposition.columns)
        }
        halo = try HaloExchange(decomposition, field: initial, strategy)
        self.problem = problem
        self.decomposition = decomposition
        current = initial
        next = Field(rows: rows, columns: columns, halo: depth)
    }

    /// Resumes from a state that has been copied into the field. The contents of the halo do not matter.
    mutating func resume(afterStep step: Int) { self.step = step }

    /// Calls `body` with the block at the current time. The halo may be out of date.
    func withField<R, Failure: Error>(_ body: (borrowing Field) throws(Failure) -> R) throws(Failure) -> R {
        try body(current)
    }

    /// Calls `body` with the block at the current time, which it may change.
    mutating func withMutableField<R: ~Copyable, Failure: Error>(
        _ body: (inout Field) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(&current)
    }

    /// Replaces the state by the values that `value` returns for each point's row and column in the whole grid, from 0.
    mutating func setState(_ value: (_ row: Int, _ column: Int) -> Double) {
        let (first, left) = (decomposition.rows.lowerBound, decomposition.columns.lowerBound)
        for row in 0..<current.rows {
            for column in 0..<current.columns { current[row + 1, column + 1] = value(first + row, left + column) }
        }
    }

    /// Calls `body` for each of this rank's points, with its row and column in the whole grid, counted from 0.
    func forEachPoint(_ body: (_ row: Int, _ column: Int, _ value: Double) -> Void) {
        let (first, left) = (decomposition.rows.lowerBound, decomposition.columns.lowerBound)
        for row in 0..<current.rows {
            for column in 0..<current.columns { body(first + row, left + column, current[row + 1, column + 1]) }
        }
    }

    /// Exchanges the halo once and takes as many time steps as its depth allows, but none beyond `last`.
    mutating func advance(noFurtherThan last: Int) throws(MPIError) {
        let steps = min(stepsPerExchange, last - step)
        // If the block has an interior, it is computed while the halo is in flight.
        let overlaps = !decomposition.openSides.isDisjoint(with: [.north, .south]) && current.rows >= 2 * steps
        let start = MPI.wallTime
        var computed = 0.0
        func compute(_ part: BlockPart) {
            let start = MPI.wallTime
            Diffusion.advance(&current, &next, steps: steps, k: problem.k, open: decomposition.openSides, part)
            computed += MPI.wallTime - start
        }
        let halo = halo
        try halo.begin(&current)
        try halo.exchangeRows { if overlaps { compute(.interior) } }
        halo.finish(&current)
        compute(overlaps ? .bands : .whole)
        computeSeconds += computed
        communicationSeconds += MPI.wallTime - start - computed
        messages += halo.messages
        bytesSent += halo.bytes
        step += steps
        if !steps.isMultiple(of: 2) { swap(&current, &next) }
    }
}
