private import Glibc
private import Synchronization
private import SystemSupport

/// The signals that ask a run to stop in good order: what Slurm, a job script, the keyboard or a
/// connection that is lost sends.
public enum StopSignal {
    private static let names = [
        SIGUSR1: "SIGUSR1", SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP",
    ]

    /// From here on the signals end nothing, but are noted.
    ///
    /// For the beginning of a program that saves checkpoints: a signal that comes while MPI starts does not end the run
    /// then. Otherwise ``CheckpointDirectory`` does it.
    public static func startWatching() {
        handle(names.keys) { received.store($0, ordering: .relaxed) }
    }

    /// The signal this process has been sent; 0 if none.
    static var number: Int { Int(received.load(ordering: .relaxed)) }

    static func name(of number: Int) -> String { names[Int32(number)] ?? "signal \(number)" }
}

/// Written by the handler, which may interrupt anything.
private let received = Atomic<Int32>(0)
