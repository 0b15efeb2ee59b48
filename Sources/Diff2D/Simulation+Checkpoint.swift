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
    /// This rank's block of the field at the current time; valid until the next step.
    var checkpointArray: CheckpointArray {
        let (points, place) = (problem.pointsPerAxis, decomposition)
        return withField { field in
            CheckpointArray(
                rowCount: points, columnCount: points, rows: place.isEmpty ? 0..<0 : place.rows,
                columns: place.isEmpty ? 0..<0 : place.columns, base: field.start(ofRow: 1), stride: field.stride)
        }
    }
}

extension DiffusionProblem {
    /// What a run must have in common with an earlier one to go on with it, by the names of the options.
    var identity: [(name: String, value: String)] {
        DiffusionParameter.all.map { ($0.optionName, "\(parameters[keyPath: $0.path])") }
    }
}
