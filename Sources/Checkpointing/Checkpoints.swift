private import FoundationEssentials
internal import SwiftMPI
private import SystemSupport

/// The checkpoints that a run saves, from what it was restored to until it is finished.
///
/// What is collective throws on all ranks, a ``JobFailure``.
public struct Checkpoints<State: Codable>: ~Copyable {
    /// The state to go on from; `nil` for a run that begins.
    public let earlier: State?
    private let directory: CheckpointDirectory
    private var schedule: CheckpointSchedule
    /// Why the last generation that failed did, so that a disk which stays full is reported once.
    private var lastFailure: JobFailure?

    init(in directory: CheckpointDirectory, _ schedule: CheckpointSchedule, after earlier: State?) {
        self.directory = directory
        self.schedule = schedule
        self.earlier = earlier
    }

    /// Saves the state if it is time to, and ends the run if it has been asked to stop. Collective.
    ///
    /// Where a checkpoint cannot be written the run goes on, with a line on standard error, unless it was to stop.
    ///
    /// - Parameters:
    ///   - capture: What to save. Everything else that a run going on from here relies on must be on the disk when it
    ///     returns.
    ///   - place: Where the run is, for the user.
    ///   - file: The unfinished result, if there is one, without which the run cannot go on.
    /// - Throws: ``JobFailure`` of status 75 when it stops.
    public mutating func update(
        at place: @autoclosure () -> String, needing file: String? = nil,
        _ capture: () throws -> (State, CheckpointArray)
    ) throws {
        let decision = try schedule.decide(on: directory.world)
        if decision == .goOn { return }
        do {
            let (state, array) = try capture()
            try save(state, array)
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

    /// Writes a generation, now. Collective.
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
            try world.together {
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

    /// The same on every rank, the order of names included.
    private func text(of state: State) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(state), as: UTF8.self)
    }

    /// Removes the generations of a run whose result is complete. Collective.
    public consuming func finish() throws { try directory.finish() }
}
