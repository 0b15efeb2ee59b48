private import FoundationEssentials
public import SwiftMPI
private import SystemSupport

/// The directory in which a run keeps the last two generations of its state. No other run can use it at the same time.
///
/// A generation gets its name only when it is completely on the disk. Damage is detected block by block. If a
/// generation is damaged, the previous one is used. From the fourth generation on, each generation overwrites the file
/// of the oldest, so that the disk holds at most three. A checkpoint depends only on the state: a run can be resumed on
/// any number of ranks.
///
/// Collective methods throw a ``JobFailure`` on all ranks.
public final class CheckpointDirectory {
    let world: Communicator
    let program: String
    let parameters: [CheckpointHeader.Parameter]
    let generations: Generations
    let configuration: CheckpointConfiguration
    /// The identifier of the run, which stays the same over all its jobs.
    public let run: String
    /// The lock of the directory, which rank 0 holds.
    private var lock: FileLock?
    /// The newest generation that is known to be intact.
    private(set) var newest: Int?
    /// The number of the last generation.
    private(set) var last = 0

    /// Locks the directory for this run, and starts watching for signals that ask the run to stop. Collective.
    ///
    /// - Parameters:
    ///   - program: The name of the program.
    ///   - parameters: The parameters in which a checkpoint must agree with the run, by the names that users know.
    public init(
        _ configuration: CheckpointConfiguration, program: String, parameters: [(name: String, value: String)],
        on world: Communicator
    ) throws {
        self.configuration = configuration
        self.world = world
        self.program = program
        self.parameters = parameters.map { CheckpointHeader.Parameter(name: $0.name, value: $0.value) }
        generations = Generations(directory: configuration.directory)
        let generations = generations
        let prepared = try world.onRoot {
            let directory = generations.directory
            // A directory to restart from is not created.
            if configuration.mustRestart, try generations.numbers().isEmpty {
                throw UserError("\(directory) has no checkpoint to restart from", exitStatus: ExitStatus.usage)
            }
            try generations.prepare()
            guard let lock = try FileLock(directory + "/.lock", for: "checkpoints to \(directory)") else {
                throw UserError(
                    "another run is writing checkpoints to \(directory)", exitStatus: ExitStatus.cannotCreate)
            }
            try generations.removeIncomplete()
            return (lock: lock, run: try generations.run())
        }
        lock = prepared?.lock
        run = try world.bcast(prepared?.run)
        StopSignal.startWatching()
    }

    /// Whether there is a generation to resume from.
    public var canRestart: Bool { newest != nil }

    /// Restores this rank's part of the array from the newest intact generation. Collective.
    ///
    /// - Returns: The object that saves further checkpoints. Its ``Checkpoints/earlier`` is the state that was saved
    ///   with the array; `nil` if there is no generation and the configuration does not require one.
    public func restore<State: Codable>(_ array: CheckpointArray, as: State.Type) throws -> Checkpoints<State> {
        let schedule = CheckpointSchedule(configuration, byteCount: array.byteCount)
        let generations = generations
        let found = try world.bcast(world.onRoot { try generations.numbers() })
        last = found.last ?? 0
        for number in found.reversed() {
            let damage: String
            switch try world.bcast(world.rank == 0 ? header(of: number) : nil) as HeaderFound {
            case .intact(let text, let checksums, let dataStart):
                try refuseOther(text)
                if try read(number, array, checksums, dataStart: dataStart) {
                    newest = number
                    let state = try JSONDecoder().decode(State.self, from: Data(text.state.utf8))
                    return Checkpoints(in: self, schedule, after: state)
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
        return Checkpoints(in: self, schedule, after: nil)
    }

    /// Records a generation that is complete.
    func noteGeneration(_ number: Int) {
        newest = number
        last = number
    }

    /// Removes all generations and unlocks the directory. Collective.
    func finish() throws {
        try world.onRoot { try generations.removeAll() }
        lock = nil
    }
}

extension CheckpointDirectory {
    /// The header that rank 0 finds in a file.
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

    /// Throws if a checkpoint belongs to another run.
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

    /// Reads this rank's part of the array from a generation. Collective.
    ///
    /// - Returns: Whether the data are intact on all ranks.
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
}
