private import Glibc
private import Synchronization

/// The file to remove if a signal terminates the program, so that a run that cannot be resumed leaves no file behind.
enum UnfinishedFile {
    /// Makes SIGINT, SIGTERM and SIGHUP remove a file before they terminate the program.
    ///
    /// Signals that the program handles itself, as a program with checkpoints does, keep their handlers.
    static func removeWhenEnded(_ path: String) {
        keep()
        unfinished.store(UInt(bitPattern: strdup(path)), ordering: .releasing)
        let handler: @convention(c) (Int32) -> Void = { number in
            // Only functions that are async-signal-safe.
            if let path = UnsafePointer<CChar>(bitPattern: unfinished.load(ordering: .acquiring)) { unlink(path) }
            signal(number, SIG_DFL)
            raise(number)
        }
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let previous = signal(number, handler)
            // A null pointer is the default action.
            if previous.map({ unsafeBitCast($0, to: Int.self) }) ?? 0 != 0 { signal(number, previous) }
        }
    }

    /// Stops watching the file, which is complete or was removed.
    static func keep() {
        free(UnsafeMutableRawPointer(bitPattern: unfinished.exchange(0, ordering: .acquiringAndReleasing)))
    }
}

/// The address of the file's path, in memory of the C library; 0 if there is no file.
private let unfinished = Atomic<UInt>(0)
