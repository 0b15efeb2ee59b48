import Diffusion

/// How many time steps to take between two exchanges of the halo, which is that deep.
enum HaloDepth: Hashable {
    /// What should be fastest.
    case automatic
    case steps(Int)

    /// - Parameters:
    ///   - points: Interior points along each axis.
    ///   - grid: The arrangement of the ranks.
    func steps(points: Int, _ grid: RanksGrid) -> Int {
        switch self {
        case .steps(let steps): steps
        case .automatic: stepsPerPass(rows: points / grid.rows, columns: points / grid.columns)
        }
    }
}

extension HaloDepth {
    /// The same, where the largest block of a rank is not smaller.
    func stepsWithinBlock(points: Int, _ grid: RanksGrid) -> Int {
        let block = grid.largestBlock(points: points)
        return min(steps(points: points, grid), block.rows, block.columns)
    }
}

extension HaloDepth: LosslessStringConvertible {
    /// Reads `auto`, or a number from 1 on.
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
