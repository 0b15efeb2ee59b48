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

    private var current: HaloField
    private var next: HaloField

    /// The initial state.
    ///
    /// - Parameter haloDepth: How many steps to take between two exchanges, where the blocks are large enough.
    init(_ problem: DiffusionProblem, _ decomposition: Decomposition, haloDepth: Int) throws(MPIError) {
        let depth = min(haloDepth, decomposition.deepestHalo)
        // Alone, a rank needs no more than the boundary around its block.
        let initial = try HaloField(decomposition, depth: decomposition.grid.count > 1 ? depth : 1)
        let next = try HaloField(decomposition, depth: initial.field.halo)
        if !decomposition.isEmpty {
            problem.setInitialState(of: initial.field, rows: decomposition.rows, columns: decomposition.columns)
        }
        self.problem = problem
        self.decomposition = decomposition
        stepsPerExchange = depth
        current = initial
        self.next = next
    }

    /// Gives `body` the block at the current time; its halo may be out of date.
    func withField<R, Failure: Error>(_ body: (borrowing Field) throws(Failure) -> R) throws(Failure) -> R {
        try body(current.field)
    }

    /// Takes as many time steps as one exchange of the halo is good for, but none beyond `last`.
    mutating func advance(noFurtherThan last: Int) throws(MPIError) {
        let steps = min(stepsPerExchange, last - step)
        let start = MPI.wallTime
        try current.exchange()
        let exchanged = MPI.wallTime
        Diffusion.advance(current.field, next.field, steps: steps, k: problem.k, open: decomposition.openSides)
        computeSeconds += MPI.wallTime - exchanged
        communicationSeconds += exchanged - start
        messages += current.messages
        bytesSent += current.bytes
        step += steps
        if !steps.isMultiple(of: 2) { swap(&current, &next) }
    }
}
