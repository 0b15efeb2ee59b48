private import Glibc
internal import SwiftMPI

/// The times at which to save the state and to stop, on which all ranks agree.
struct CheckpointSchedule {
    enum Decision: Equatable {
        case goOn, save
        /// Stop after a last checkpoint; the reason is for the user.
        case stop(String)
    }

    private let interval: CheckpointInterval
    private let meanTimeBetweenFailures: Double
    /// The time at which Slurm ends the job, in seconds since 1970.
    private let endOfJob: Double?
    /// The duration of the last checkpoint in seconds; initially an estimate.
    private var cost: Double
    private var lastSave = MPI.wallTime

    // The ranks communicate ten times per second rather than at every step. Any request can wait that long.
    private var lastTalk = MPI.wallTime
    private var callsToTalk = 1
    private var callsLeft = 1

    /// - Parameter byteCount: The size of a checkpoint in bytes.
    init(_ configuration: CheckpointConfiguration, byteCount: Int) {
        interval = configuration.interval
        meanTimeBetweenFailures = configuration.meanTimeBetweenFailures
        cost = 0.05 + Double(byteCount) / 200e6
        endOfJob = getenv("SLURM_JOB_END_TIME").flatMap { Double(String(cString: $0)) }
    }

    /// The time from one checkpoint to the next in seconds.
    ///
    /// Method: Young, A first order approximation to the optimum checkpoint interval (1974), doi:10.1145/361147.361115.
    var seconds: Double {
        switch interval {
        case .seconds(let seconds): seconds
        case .automatic: (2 * cost * meanTimeBetweenFailures).squareRoot()
        }
    }

    /// Returns what to do now. All ranks get the same decision at the same step. Collective.
    mutating func decide(on world: Communicator) throws(MPIError) -> Decision {
        callsLeft -= 1
        if callsLeft > 0 { return .goOn }
        let now = MPI.wallTime
        let pause = min(0.1, seconds / 4)
        let calls = Double(callsToTalk) * min(8, pause / max(now - lastTalk, 1e-6))
        lastTalk = now
        // Signals may arrive at any rank; the clock is that of rank 0.
        var wishes = [StopSignal.number, 0, 0, 0]
        if world.rank == 0 {
            wishes[1] = now - lastSave >= seconds ? 1 : 0
            wishes[2] = endOfJob.map { Double(time(nil)) + 10 + 3 * cost >= $0 } == true ? 1 : 0
            wishes[3] = max(1, Int(min(calls, 1e9)))
        }
        try world.Allreduce(inPlace: &wishes, op: .max)
        callsToTalk = wishes[3]
        callsLeft = callsToTalk
        if wishes[0] != 0 { return .stop(StopSignal.name(of: wishes[0])) }
        if wishes[2] != 0 { return .stop("the end of the Slurm job") }
        return wishes[1] != 0 ? .save : .goOn
    }

    /// Records a checkpoint that succeeded or failed.
    ///
    /// - Parameter cost: The duration of the checkpoint in seconds; `nil` if it failed.
    mutating func noteSave(cost: Double?) {
        self.cost = cost ?? self.cost
        lastSave = MPI.wallTime
    }
}
