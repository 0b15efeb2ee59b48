private import Glibc
private import Synchronization
private import SystemSupport

/// The signals that ask a run to save its state and stop. Slurm, a job script, the keyboard or a lost connection sends
/// them.
public enum StopSignal {
    private static let names = [
        SIGUSR1: "SIGUSR1", SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP",
    ]

    /// Starts recording the signals, which from then on no longer terminate the program.
    ///
    /// ``CheckpointDirectory`` calls this function too. A program that saves checkpoints should call it first, so that
    /// a signal that arrives while MPI starts does not terminate the run.
    public static func startWatching() {
        handle(names.keys) { received.store($0, ordering: .relaxed) }
    }

    /// The signal that this process has received; 0 if there was none.
    static var number: Int { Int(received.load(ordering: .relaxed)) }

    static func name(of number: Int) -> String { names[Int32(number)] ?? "signal \(number)" }
}

/// The last signal. The signal handler writes it, which may interrupt any code.
private let received = Atomic<Int32>(0)
