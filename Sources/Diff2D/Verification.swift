import Diffusion
import Glibc
import Reproducible
import SwiftMPI
import SystemSupport

/// The result of `--verify`: whether this build solves the equation on this machine with these options.
struct Verification {
    /// A property that the solution must have.
    struct Check {
        var name: String
        var measured: String
        var wanted: String
        var isMet: Bool
    }

    private(set) var checks: [Check] = []

    var isPassed: Bool { checks.allSatisfy(\.isMet) }

    /// The table of checks, and the verdict.
    var description: String {
        let rows = checks.map { [$0.name, $0.measured, $0.wanted, $0.isMet ? "ok" : "NOT MET"] }
        let lines = aligned([["check", "measured", "wanted", ""]] + rows)
        return (lines + [isPassed ? "PASSED" : "FAILED"]).joined(separator: "\n")
    }
}

extension Verification {
    /// Runs all checks. Collective; the result is the same on every rank.
    ///
    /// - Parameter points: The number of points along each axis of the problem whose field hashes are compared; limited
    ///   to 301.
    init(_ options: SolverOptions, points: Int, on world: Communicator) throws {
        let coarse = try eigenmode(points: 31, steps: 60, options, on: world)
        let fine = try eigenmode(points: 63, steps: 240, options, on: world)
        let decay = max(coarse.discreteError, fine.discreteError)
        add("eigenmode decay", "\(decay)", "at most 1e-12", decay <= 1e-12)
        let order = log2(coarse.continuousError / fine.continuousError)
        add("order of accuracy", "\(order)", "2.00 ± 0.02", abs(order - 2) <= 0.02)
        let balance = try massBalance(options, on: world)
        add("mass balance", "\(balance)", "at most 1e-14", balance <= 1e-14)
        let violations = try maximumPrinciple(options, on: world)
        add("maximum principle", "\(violations) violations", "none", violations == 0)
        let hashes = try FieldHashes(points: min(points, 301), options, on: world)
        add(
            "field hash",
            hashes.different.map { "\($0.hash) with \($0.way)" } ?? "\(hashes.alone) in \(hashes.ways) ways",
            "\(hashes.alone), as on 1 rank", hashes.different == nil)
    }

    private mutating func add(_ name: String, _ measured: String, _ wanted: String, _ isMet: Bool) {
        checks.append(Check(name: name, measured: measured, wanted: wanted, isMet: isMet))
    }
}

/// Returns a problem whose grid lines 0 and `points + 1` are 20 m apart for any number of points, so that the grid can
/// be refined.
private func problem(points: Int, steps: Int) throws -> DiffusionProblem {
    let dx = 20 / Double(points + 1)
    var parameters = DiffusionParameters()
    (parameters.x1, parameters.x2) = (0, Double(points) * dx)
    parameters.requestedSpacing = dx * (1 - 1e-9)  // rounds to as many points
    parameters.runtime = (Double(steps) + 0.5) * 0.25 * dx * dx
    parameters.outtime = parameters.runtime
    return try DiffusionProblem(parameters)
}

/// Solves for the slowest eigenmode, sin(πi/(n+1))·sin(πj/(n+1)), which each step multiplies by a known factor.
///
/// - Returns: The relative errors with respect to the exact solutions of the difference equation and of the
///   differential equation.
private func eigenmode(
    points: Int, steps: Int, _ options: SolverOptions, on world: Communicator
) throws -> (discreteError: Double, continuousError: Double) {
    let problem = try problem(points: points, steps: steps)
    var simulation = try options.simulation(of: problem, on: world)
    func mode(_ row: Int, _ column: Int) -> Double {
        sin(.pi * Double(row + 1) / Double(points + 1)) * sin(.pi * Double(column + 1) / Double(points + 1))
    }
    simulation.setState(mode)
    while simulation.step < steps { try simulation.advance(noFurtherThan: steps) }

    let factor = pow(1 + 4 * problem.k * (cos(.pi / Double(points + 1)) - 1), Double(steps))
    let rate = 2 * problem.parameters.diffusion * pow(.pi / (Double(points + 1) * problem.spacing), 2)
    let exactFactor = exp(-rate * problem.time(afterStep: steps))
    var worst = 0.0
    var highest = 0.0
    simulation.forEachPoint { row, column, value in
        worst = max(worst, abs(value - factor * mode(row, column)) / factor)
        highest = max(highest, value)
    }
    // The value at the central point, where the mode is 1.
    highest = try world.Allreduce(highest, op: .max)
    return (try world.Allreduce(worst, op: .max), abs(highest / exactFactor - 1))
}

/// Checks that mass leaves the domain only through the boundary: in each step, a point next to the boundary loses the
/// fraction k of its value through each adjacent side.
///
/// - Returns: The largest relative deviation of the mass from this balance in many steps.
private func massBalance(_ options: SolverOptions, on world: Communicator) throws -> Double {
    let problem = try problem(points: 50, steps: 100)
    var simulation = try options.simulation(of: problem, on: world)
    let last = problem.pointsPerAxis - 1
    var worst = 0.0
    while simulation.step < problem.steps {
        let before = try sums(simulation, last: last, on: world)
        try simulation.advance(noFurtherThan: simulation.step + 1)
        let after = try sums(simulation, last: last, on: world)
        worst = max(worst, abs(after.all - (before.all - problem.k * before.edges)) / before.all)
    }
    return worst
}

/// Returns the sum of all points, and the sum of the points next to the boundary, in which corners count twice.
private func sums(
    _ simulation: borrowing Simulation, last: Int, on world: Communicator
) throws -> (all: Double, edges: Double) {
    var all = ExactSum()
    var edges = ExactSum()
    simulation.forEachPoint { row, column, value in
        all.add(value)
        for isAtEdge in [row == 0, row == last, column == 0, column == last] where isAtEdge { edges.add(value) }
    }
    try all.allreduce(over: world)
    try edges.allreduce(over: world)
    return (all.value, edges.value)
}

/// Checks that the maximum never grows and that the minimum never becomes negative.
///
/// - Returns: The number of violations.
private func maximumPrinciple(_ options: SolverOptions, on world: Communicator) throws -> Int {
    let problem = try problem(points: 40, steps: 200)
    var simulation = try options.simulation(of: problem, on: world)
    var before = try simulation.diagnostics()
    var violations = 0
    while simulation.step < problem.steps {
        try simulation.advance(noFurtherThan: simulation.step + 5)
        let after = try simulation.diagnostics()
        if after.maximum > before.maximum || after.minimum < 0 { violations += 1 }
        before = after
    }
    return violations
}

/// The hashes of a field that all ranks compute together, and of the same field computed by each rank alone.
///
/// All halo strategies are tried, with several depths: some do not divide the number of steps, others exceed a rank's
/// rows.
private struct FieldHashes {
    /// The hash from a single rank, with a halo of one point.
    let alone: String
    /// The number of ways in which all ranks computed the field.
    private(set) var ways = 0
    /// The first hash that differs, and the way in which it was computed.
    private(set) var different: (hash: String, way: String)?

    /// Collective.
    init(points: Int, _ options: SolverOptions, on world: Communicator) throws {
        let problem = try problem(points: points, steps: 37)
        func hash(_ options: SolverOptions, on communicator: Communicator) throws -> String {
            var simulation = try options.simulation(of: problem, on: communicator)
            while simulation.step < problem.steps { try simulation.advance(noFurtherThan: problem.steps) }
            return try simulation.fieldHash()
        }
        let single = SolverOptions(grid: RanksGrid(rows: 1, columns: 1), haloDepth: .steps(1), strategy: .persistent)
        let own = try hash(single, on: try world.split(color: world.rank)!)
        // The other ranks compare their hashes with that of rank 0.
        alone = try world.bcast(own)
        if try !world.Allreduce(own == alone, op: .logicalAnd) { different = ("another", "a rank alone") }

        let depths = [options.haloDepth] + [1, 2, 5, 8, 16].map(HaloDepth.steps)
        let (rows, columns) = options.grid.largestBlock(points: points)
        // The shared memory of one depth is not freed before the next, so all depths must fit at once.
        let allDepths = depths.map { $0.stepsWithinBlock(points: points, options.grid) }.reduce(0, +)
        let canShare =
            try HaloStrategy.obstacleToSharing(rows: rows, columns: columns, depth: allDepths, on: world) == nil
        for strategy in HaloStrategy.allCases where canShare || strategy != .shared {
            for depth in depths {
                let way = SolverOptions(grid: options.grid, haloDepth: depth, strategy: strategy)
                let together = try hash(way, on: world)
                ways += 1
                if together != alone && different == nil { different = (together, "\(strategy), \(depth) deep") }
            }
        }
    }
}
