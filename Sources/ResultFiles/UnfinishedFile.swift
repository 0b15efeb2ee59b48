private import Glibc
private import Synchronization

/// The file a program is writing when a signal ends it: a run that cannot go on later leaves nothing behind.
enum UnfinishedFile {
    /// From here on SIGINT, SIGTERM and SIGHUP remove a file before they end the program.
    ///
    /// Signals that the program takes care of itself, as one with checkpoints does, are left alone.
    static func removeWhenEnded(_ path: String) {
        keep()
        unfinished.store(UInt(bitPattern: strdup(path)), ordering: .releasing)
        let handler: @convention(c) (Int32) -> Void = { number in
            // Nothing but what a handler may call.
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

    /// The file is complete, or removed.
    static func keep() {
        free(UnsafeMutableRawPointer(bitPattern: unfinished.exchange(0, ordering: .acquiringAndReleasing)))
    }
}

/// The address of its path, in memory of the C library; 0 if there is none.
private let unfinished = Atomic<UInt>(0)
