private import CommandSupport
private import FoundationEssentials
public import SwiftMPI

/// The checkpoints of a run: a directory with the last two generations of its state.
///
/// A generation has its name only when all of it is on the disk. A damaged one is noticed, block by block, and the one
/// before takes its place. From the fourth on a generation is written over the file of the oldest, so that the disk
/// holds three at the most. What is saved depends on the state alone: a run may go on with any number of ranks.
///
/// What is collective throws on all ranks, a ``JobFailure``.
public final class Checkpoints {
    private let world: Communicator
    private let program: String
    private let parameters: [CheckpointHeader.Parameter]
    private let generations: Generations
    private let interval: CheckpointInterval
    private let meanTimeBetweenFailures: Double
    /// What the run calls itself from its beginning to its end, over all jobs.
    public let run: String
    private var schedule: CheckpointSchedule?
    /// Held by rank 0.
    private var lock: FileLock?
    /// Why the last generation that failed did, so that a disk which stays full is reported once.
    private var lastFailure: JobFailure?
    /// The newest generation that is known to be intact.
    private var newest: Int?
    /// The highest number there is.
    private var last = 0

    /// Takes the directory for this run. Collective.
    ///
    /// - Parameters:
    ///   - program: Its name.
    ///   - parameters: What a checkpoint must have in common with the run, by the names that users know.
    /// - Returns: `nil` if the options ask for no checkpoints.
    public init?(
        _ options: CheckpointOptions, program: String, parameters: [(name: String, value: String)],
        on world: Communicator
    ) throws {
        guard let directory = options.restart ?? options.checkpoint else { return nil }
        self.world = world
        self.program = program
        self.parameters = parameters.map { CheckpointHeader.Parameter(name: $0.name, value: $0.value) }
        interval = options.checkpointEvery ?? .automatic
        meanTimeBetweenFailures = options.mtbf ?? 86400
        generations = Generations(directory: directory)
        let (generations, mustRestart) = (generations, options.restart != nil)
        let (lock, run) = try world.together { () -> (FileLock?, String?) in
            guard world.rank == 0 else { return (nil, nil) }
            // A directory to restart from is not made.
            if mustRestart, try generations.numbers().isEmpty {
                throw UserError("\(directory) has no checkpoint to restart from", exitStatus: ExitStatus.usage)
            }
            try generations.prepare()
            guard let lock = try FileLock(directory + "/.lock", for: "checkpoints to \(directory)") else {
                throw UserError(
                    "another run is writing checkpoints to \(directory)", exitStatus: ExitStatus.cannotCreate)
            }
            try generations.removeIncomplete()
            return (lock, try generations.run())
        }
        self.lock = lock
        self.run = try world.bcast(run)
        StopSignal.startWatching()
    }

    /// Whether there is a generation to go on from.
    public var canRestart: Bool { newest != nil }

    /// Fills this rank's part of the array from the newest intact generation. Collective.
    ///
    /// - Returns: The program's state; `nil` if there is no generation and none must be.
    public func restore<State: Codable>(_ array: CheckpointArray, as: State.Type) throws -> State? {
        schedule = CheckpointSchedule(
            interval, meanTimeBetweenFailures: meanTimeBetweenFailures, byteCount: array.byteCount)
        let generations = generations
        let found = try world.bcast(world.together { world.rank == 0 ? try generations.numbers() : nil })
        last = found.last ?? 0
        for number in found.reversed() {
            let damage: String
            switch try world.bcast(world.rank == 0 ? header(of: number) : nil) as HeaderFound {
            case .intact(let text, let checksums, let dataStart):
                try refuseOther(text)
                if try read(number, array, checksums, dataStart: dataStart) {
                    newest = number
                    return try JSONDecoder().decode(State.self, from: Data(text.state.utf8))
                }
                damage = "its data are damaged"
            case .newerVersion(let version):
                throw JobFailure(
                    message: "\(generations.path(of: number)) is of version \(version) of the format, this program "
                        + "knows version \(CheckpointHeader.version)", exitStatus: ExitStatus.usage)
            case .damaged(let text): damage = text
            }
            if world.rank == 0 {
                let next = number == found.first ? "" : ", going back to the one before"
                writeToStandardError("\(program): \(generations.path(of: number)): \(damage)\(next)\n")
            }
        }
        if !found.isEmpty {
            throw JobFailure(
                message: "\(generations.directory) has no intact checkpoint; without it the run starts anew",
                exitStatus: ExitStatus.ioError)
        }
        return nil
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
    public func update<State: Codable>(
        at place: @autoclosure () -> String, needing file: String? = nil,
        _ capture: () throws -> (State, CheckpointArray)
    ) throws {
        let decision = try schedule!.decide(on: world)
        if decision == .goOn { return }
        do {
            let (state, array) = try capture()
            try save(state, array)
            lastFailure = nil
        } catch let failure as JobFailure where decision == .save {
            schedule!.noteSave(cost: nil)
            if world.rank == 0, failure != lastFailure {
                writeToStandardError("\(program): no checkpoint this time: \(failure.message)\n")
            }
            lastFailure = failure
        }
        if case .stop(let reason) = decision {
            throw JobFailure(
                message: "stopped by \(reason) at \(place()); --restart \(generations.directory) goes on from there"
                    + (file.map { " and needs \($0), the result so far" } ?? ""),
                exitStatus: ExitStatus.stopped)
        }
    }

    /// Removes the generations of a run whose result is complete. Collective.
    public func finish() throws {
        try world.together { if world.rank == 0 { try generations.removeAll() } }
        lock = nil
    }
}

extension Checkpoints {
    /// What rank 0 finds at the beginning of a file.
    private enum HeaderFound: Codable {
        case intact(CheckpointHeader.Text, [UInt32], dataStart: Int)
        case damaged(String)
        case newerVersion(UInt32)
    }

    private func header(of number: Int) -> HeaderFound {
        do {
            let file = try CheckpointFile(generations.path(of: number), .read)
            let fileLength = try file.length
            let length = try CheckpointHeader.length(try file.start(count: 32), fileLength: fileLength)
            let header = try CheckpointHeader(try file.start(count: length), fileLength: fileLength)
            return .intact(header.text, header.checksums, dataStart: length)
        } catch CheckpointHeader.Failure.newerVersion(let version) {
            return .newerVersion(version)
        } catch CheckpointHeader.Failure.damaged(let text) {
            return .damaged(text)
        } catch {
            return .damaged("\(error)")
        }
    }

    /// Fails if a checkpoint is that of another run.
    private func refuseOther(_ text: CheckpointHeader.Text) throws {
        func refused(_ what: String) -> JobFailure {
            JobFailure(
                message: "\(generations.directory) has checkpoints of another run: \(what)",
                exitStatus: ExitStatus.usage)
        }
        if text.program != program { throw refused("of \(text.program)") }
        let theirs = Dictionary(text.parameters.map { ($0.name, $0.value) }) { first, _ in first }
        let differences = parameters.filter { theirs[$0.name] != $0.value }
            .map { "\($0.name) is \(theirs[$0.name] ?? "not given") there and \($0.value) here" }
        if !differences.isEmpty { throw refused(differences.joined(separator: ", ")) }
    }

    /// - Returns: Whether the data are those that were written.
    private func read(
        _ number: Int, _ array: CheckpointArray, _ checksums: [UInt32], dataStart: Int
    ) throws -> Bool {
        if checksums.count != array.blockCount { return false }
        var remainders = [UInt32](repeating: 0, count: checksums.count)
        var isRead = true
        if !array.blocks.isEmpty {
            do {
                let file = try CheckpointFile(generations.path(of: number), .read)
                for block in array.blocks {
                    try file.transfer(array, block: block, dataStart: dataStart, isWrite: false)
                    remainders[block] = array.remainder(ofBlock: block)
                }
            } catch {
                isRead = false
            }
        }
        try world.Allreduce(inPlace: &remainders, op: .bitwiseXor)
        let isIntact = remainders.indices.allSatisfy { array.checksum(ofBlock: $0, remainders[$0]) == checksums[$0] }
        return try world.Allreduce(isRead && isIntact, op: .logicalAnd)
    }

    /// The same on every rank, the order of names included.
    private func text(of state: some Codable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(state), as: UTF8.self)
    }

    /// Writes a generation, now. Collective; after ``restore(_:as:)``.
    public func save(_ state: some Codable, _ array: CheckpointArray) throws {
        let start = MPI.wallTime
        let number = last + 1
        let temporaryPath = generations.temporaryPath(of: number)
        var header = CheckpointHeader(
            text: CheckpointHeader.Text(
                program: program, parameters: parameters, rowCount: array.rowCount, columnCount: array.columnCount,
                state: try text(of: state)),
            checksums: [UInt32](repeating: 0, count: array.blockCount))
        do {
            let dataStart = try header.serialized().count
            try world.together {
                if world.rank == 0 { try generations.begin(number, byteCount: dataStart + array.byteCount) }
            }
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
            try world.together {
                guard world.rank == 0 else { return }
                let file = try CheckpointFile(temporaryPath, .write)
                try file.writeStart(try header.serialized())
                try file.synchronize()
                try generations.publish(number, keeping: newest.map { [$0] } ?? [])
            }
        } catch {
            if world.rank == 0 { generations.discard(number) }
            throw error
        }
        newest = number
        last = number
        schedule!.noteSave(cost: try world.Allreduce(MPI.wallTime - start, op: .max))
    }
}
