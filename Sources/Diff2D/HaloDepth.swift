import Diffusion

/// The depth of the halo, which equals the number of time steps between two exchanges.
enum HaloDepth: Hashable {
    /// The depth that is expected to be fastest.
    case automatic
    case steps(Int)

    /// Returns the number of time steps between two exchanges.
    ///
    /// - Parameters:
    ///   - points: The number of interior points along each axis.
    ///   - grid: The arrangement of the ranks.
    func steps(points: Int, _ grid: RanksGrid) -> Int {
        switch self {
        case .steps(let steps): steps
        case .automatic: stepsPerPass(rows: points / grid.rows, columns: points / grid.columns)
        }
    }
}

extension HaloDepth {
    /// Returns the number of time steps between two exchanges, limited by the extent of the largest block.
    func stepsWithinBlock(points: Int, _ grid: RanksGrid) -> Int {
        let block = grid.largestBlock(points: points)
        return min(steps(points: points, grid), block.rows, block.columns)
    }
}

extension HaloDepth: LosslessStringConvertible {
    /// Parses `auto` or an integer of at least 1.
    init?(_ text: String) {
        if text == "auto" {
            self = .automatic
        } else if let steps = Int(text), steps >= 1 {
            self = .steps(steps)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .automatic: "auto"
        case .steps(let steps): String(steps)
        }
    }
}
