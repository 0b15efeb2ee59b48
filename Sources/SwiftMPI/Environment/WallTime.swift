internal import CMPI
private import Glibc
private import Synchronization

// MPICH ends a process that reads the clock while MPI is not running. The clocks of MPICH and Open MPI each start at a
// moment of their own.
extension MPI {
    /// The offset added to MPI's clock so that it continues the system's clock.
    ///
    /// Nonzero only if the time was read before ``run(threads:_:)``.
    @exclusivity(unchecked) @usableFromInline nonisolated(unsafe) static var wallTimeOffset = 0.0
    /// The offset added to the system's clock so that it continues MPI's clock after ``run(threads:_:)``.
    nonisolated(unsafe) private static var systemOffset = 0.0
    private static let wasAskedOutside = Atomic<Bool>(false)

    @usableFromInline static var wallTimeOutsideRun: Double {
        wasAskedOutside.store(true, ordering: .relaxed)
        return systemClock(clock_gettime) + systemOffset
    }

    static var systemClockResolution: Double { systemClock(clock_getres) }

    /// Must be called at the start of a run, as soon as MPI can be called.
    static func continueSystemClock() {
        if wasAskedOutside.load(ordering: .relaxed) { wallTimeOffset = wallTimeOutsideRun - MPI_Wtime() }
    }

    /// Must be called at the end of a run, while MPI can still be called.
    static func continueMPIClock() {
        systemOffset += MPI_Wtime() + wallTimeOffset - (systemClock(clock_gettime) + systemOffset)
    }

    private static func systemClock(_ read: (clockid_t, UnsafeMutablePointer<timespec>) -> CInt) -> Double {
        var time = timespec()
        _ = read(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The system's host name of this node.
    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        _ = gethostname(&name, name.count - 1)
        return name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
