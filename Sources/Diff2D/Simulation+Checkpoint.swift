import Checkpointing
import Diffusion
import SystemSupport

/// What a checkpoint of diff2d holds beside the field.
struct DiffusionState: Codable {
    /// Steps taken.
    var step: Int
    /// States in the result so far.
    var states: Int
    /// What was under the result's name when the run began.
    var replaced: FileStamp?
    /// What the run began to write; `nil` for no result.
    var result: ResultKind?
}

extension Simulation {
    /// Gives `body` this rank's block of the field at the current time.
    mutating func withCheckpointArray<R: ~Copyable>(_ body: (CheckpointArray) throws -> R) throws -> R {
        let (points, place) = (problem.nrows, decomposition)
        return try withMutableField { field in
            let stride = field.stride
            return try field.withUnsafeMutableInterior { start in
                try body(
                    CheckpointArray(
                        rowCount: points, columnCount: points, rows: place.isEmpty ? 0..<0 : place.rows,
                        columns: place.isEmpty ? 0..<0 : place.columns, base: start, stride: stride))
            }
        }
    }
}

extension DiffusionProblem {
    /// What a run must have in common with an earlier one to go on with it, by the names of the options.
    var identity: [(name: String, value: String)] {
        [
            ("diffusion", "\(parameters.diffusion)"), ("x1", "\(parameters.x1)"), ("x2", "\(parameters.x2)"),
            ("dx", "\(parameters.dx)"), ("runtime", "\(parameters.runtime)"), ("outtime", "\(parameters.outtime)"),
        ]
    }
}
