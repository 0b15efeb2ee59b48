import Diffusion
import Reproducible
import SwiftMPI

/// Global properties of a state, bit-identical for any number of ranks.
struct Diagnostics {
    /// The number of steps taken to reach this state.
    var step: Int
    /// ∫p dx dy, in the unit of p times m²: the exact sum of all points, rounded once and multiplied by dx².
    var mass: Double
    var minimum: Double
    var maximum: Double
    /// The square root of ∫p² dx dy.
    var l2: Double
}

extension Simulation {
    /// Computes the diagnostics of the current state. Collective.
    func diagnostics() throws(MPIError) -> Diagnostics {
        var sum = ExactSum()
        var squares = ExactSum()
        var minimum = Double.infinity
        var maximum = -Double.infinity
        forEachRow { row, _ in
            sum.add(row)
            for index in row.indices {
                let value = row[unchecked: index]
                squares.add(value * value)
                minimum = Swift.min(minimum, value)
                maximum = Swift.max(maximum, value)
            }
        }
        let communicator = decomposition.communicator
        try sum.allreduce(over: communicator)
        try squares.allreduce(over: communicator)
        let area = problem.spacing * problem.spacing
        // MPI may return either of +0 and −0. Adding zero turns −0 into +0.
        return Diagnostics(
            step: step, mass: sum.value * area, minimum: try communicator.Allreduce(minimum, op: .min) + 0,
            maximum: try communicator.Allreduce(maximum, op: .max) + 0, l2: (squares.value * area).squareRoot())
    }

    /// Returns the hash of the whole field in row-major order, as 16 hexadecimal digits. Collective.
    func fieldHash() throws(MPIError) -> String {
        var hash = PositionalHash()
        forEachRow { row, position in hash.add(row, at: position) }
        try hash.allreduce(over: decomposition.communicator)
        return hash.hexadecimal
    }

    /// Calls `body` with this rank's part of each row, and its row-major position in the whole field.
    private func forEachRow(_ body: (Span<Double>, _ position: Int) -> Void) {
        let (rows, columns, points) = (decomposition.rows, decomposition.columns, problem.pointsPerAxis)
        withField { field in
            for row in 0..<field.rows {
                body(field.interior(ofRow: row + 1), (rows.lowerBound + row) * points + columns.lowerBound)
            }
        }
    }
}
