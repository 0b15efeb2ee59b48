import Diffusion
import SwiftMPI

/// The state of the simulation: this rank's block at the current time, and how it moves on.
struct Simulation: ~Copyable {
    let problem: DiffusionProblem
    let decomposition: Decomposition
    /// Most time steps between two exchanges of the halo.
    let stepsPerExchange: Int
    /// Steps taken so far.
    private(set) var step = 0
    /// Seconds this rank has spent in computing and in communicating.
    private(set) var computeSeconds = 0.0
    private(set) var communicationSeconds = 0.0
    /// Messages and bytes this rank has sent.
    private(set) var messages = 0
    private(set) var bytesSent = 0

    private var current: Field
    private var next: Field
    private let halo: HaloExchange

    /// The initial state. Collective.
    ///
    /// - Parameters:
    ///   - haloDepth: How many steps to take between two exchanges, where the blocks are large enough.
    ///   - strategy: How the halo gets from rank to rank.
    init(
        _ problem: DiffusionProblem, _ decomposition: Decomposition, haloDepth: Int, _ strategy: HaloStrategy
    ) throws(MPIError) {
        stepsPerExchange = min(haloDepth, decomposition.deepestHalo)
        // Alone, a rank needs no more than the boundary around its block.
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

    /// Goes on from a state that has been put into the field, whatever the halo holds.
    mutating func resume(afterStep step: Int) { self.step = step }

    /// Gives `body` the block at the current time; its halo may be out of date.
    func withField<R, Failure: Error>(_ body: (borrowing Field) throws(Failure) -> R) throws(Failure) -> R {
        try body(current)
    }

    /// Gives `body` the block at the current time, to be changed.
    mutating func withMutableField<R: ~Copyable, Failure: Error>(
        _ body: (inout Field) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(&current)
    }

    /// Replaces the state; `value` gives a point's by its row and column in the whole grid, counted from 0.
    mutating func setState(_ value: (_ row: Int, _ column: Int) -> Double) {
        let (first, left) = (decomposition.rows.lowerBound, decomposition.columns.lowerBound)
        for row in 0..<current.rows {
            for column in 0..<current.columns { current[row + 1, column + 1] = value(first + row, left + column) }
        }
    }

    /// Visits this rank's points, by their row and column in the whole grid, counted from 0.
    func forEachPoint(_ body: (_ row: Int, _ column: Int, _ value: Double) -> Void) {
        let (first, left) = (decomposition.rows.lowerBound, decomposition.columns.lowerBound)
        for row in 0..<current.rows {
            for column in 0..<current.columns { body(first + row, left + column, current[row + 1, column + 1]) }
        }
    }

    /// Takes as many time steps as one exchange of the halo is good for, but none beyond `last`.
    mutating func advance(noFurtherThan last: Int) throws(MPIError) {
        let steps = min(stepsPerExchange, last - step)
        // Where there is an interior, it is computed while the halo travels.
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
