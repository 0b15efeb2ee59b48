private import FoundationEssentials
internal import SwiftMPI
private import SystemSupport

/// The checkpoints that a run saves, from its start or restart until it is finished.
///
/// Collective methods throw a ``JobFailure`` on all ranks.
public struct Checkpoints<State: Codable>: ~Copyable {
    /// The state to resume from; `nil` for a new run.
    public let earlier: State?
    private let directory: CheckpointDirectory
    private var schedule: CheckpointSchedule
    /// The failure of the last checkpoint, so that a disk that stays full is reported only once.
    private var lastFailure: JobFailure?

    init(in directory: CheckpointDirectory, _ schedule: CheckpointSchedule, after earlier: State?) {
        self.directory = directory
        self.schedule = schedule
        self.earlier = earlier
    }

    /// Saves the state if a checkpoint is due, and ends the run if it was asked to stop. Collective.
    ///
    /// If a checkpoint cannot be written, the run continues with a line on standard error, unless it was asked to stop.
    ///
    /// - Parameters:
    ///   - capture: Calls its argument with the state to save. Everything else that a resumed run needs must be on the
    ///     disk by then.
    ///   - place: The progress of the run, for the user.
    ///   - file: The unfinished result that is needed to resume the run, if there is one.
    /// - Throws: ``JobFailure`` of exit status 75 when the run stops.
    public mutating func update(
        at place: @autoclosure () -> String, needing file: String? = nil,
        _ capture: (_ save: (State, CheckpointArray) throws -> Void) throws -> Void
    ) throws {
        let decision = try schedule.decide(on: directory.world)
        if decision == .goOn { return }
        do {
            try capture { try save($0, $1) }
            lastFailure = nil
        } catch let failure as JobFailure where decision == .save {
            schedule.noteSave(cost: nil)
            if directory.world.rank == 0, failure != lastFailure {
                writeToStandardError("\(directory.program): no checkpoint this time: \(failure.message)\n")
            }
            lastFailure = failure
        }
        if case .stop(let reason) = decision {
            let restart = "--restart \(directory.configuration.directory) goes on from there"
            throw JobFailure(
                message: "stopped by \(reason) at \(place()); \(restart)"
                    + (file.map { " and needs \($0), the result so far" } ?? ""),
                exitStatus: ExitStatus.stopped)
        }
    }

    /// Writes a generation immediately. Collective.
    public mutating func save(_ state: State, _ array: CheckpointArray) throws {
        let start = MPI.wallTime
        let (world, generations) = (directory.world, directory.generations)
        let number = directory.last + 1
        let temporaryPath = generations.temporaryPath(of: number)
        var header = CheckpointHeader(
            text: CheckpointHeader.Text(
                program: directory.program, parameters: directory.parameters, rowCount: array.rowCount,
                columnCount: array.columnCount, state: try text(of: state)),
            checksums: [UInt32](repeating: 0, count: array.blockCount))
        do {
            let dataStart = try header.serialized().count
            try world.onRoot { try generations.begin(number, byteCount: dataStart + array.byteCount) }
            try world.failingTogether {
                if array.blocks.isEmpty { return }
                let file = try CheckpointFile(temporaryPath, .write)
                for block in array.blocks {
                    header.checksums[block] = array.remainder(ofBlock: block)
                    try file.transfer(array, block: block, dataStart: dataStart, isWrite: true)
                }
                try file.synchronize()
            }
            try world.Allreduce(inPlace: &header.checksums, op: .bitwiseXor)
            for block in header.checksums.indices {
                header.checksums[block] = array.checksum(ofBlock: block, header.checksums[block])
            }
            try world.onRoot {
                let file = try CheckpointFile(temporaryPath, .write)
                try file.writeStart(try header.serialized())
                try file.synchronize()
                try generations.publish(number, keeping: directory.newest.map { [$0] } ?? [])
            }
        } catch {
            if world.rank == 0 { generations.discard(number) }
            throw error
        }
        directory.noteGeneration(number)
        schedule.noteSave(cost: try world.Allreduce(MPI.wallTime - start, op: .max))
    }

    /// Returns the state as JSON, which is the same on every rank, including the order of keys.
    private func text(of state: State) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(state), as: UTF8.self)
    }

    /// Removes the generations of a run whose result is complete. Collective.
    public consuming func finish() throws { try directory.finish() }
}
