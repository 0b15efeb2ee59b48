import Checkpointing
import Diffusion
import SystemSupport

/// The contents of a checkpoint of diff2d in addition to the field.
struct DiffusionState: Codable {
    /// The number of steps taken.
    var step: Int
    /// The number of states so far.
    var states: Int
    /// The file that had the result's name when the run began.
    var replaced: FileStamp?
    /// The kind of result that the run writes; `nil` for no result.
    var result: ResultKind?
}

extension Simulation {
    /// Gives `body` this rank's block of the field at the current time.
    mutating func withCheckpointArray<R: ~Copyable>(_ body: (CheckpointArray) throws -> R) throws -> R {
        let (points, place) = (problem.pointsPerAxis, decomposition)
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
    /// The parameters in which a run must agree with an earlier one to resume it, by the names of the options.
    var identity: [(name: String, value: String)] {
        DiffusionParameter.all.map { ($0.optionName, "\(parameters[keyPath: $0.path])") }
    }
}
