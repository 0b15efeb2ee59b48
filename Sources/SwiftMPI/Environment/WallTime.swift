internal import CMPI
private import Glibc
private import Synchronization

// MPICH ends a process that asks for the time while MPI is not running, and its clock and Open MPI's begin at moments
// of their own.
extension MPI {
    /// What MPI's clock is behind the system's: not 0 only where the time was asked for before ``run(threads:_:)``, on
    /// the system's clock, with which MPI's then goes on.
    @exclusivity(unchecked) @usableFromInline nonisolated(unsafe) static var wallTimeOffset = 0.0
    /// What the system's clock is behind MPI's, with which it goes on after ``run(threads:_:)``.
    nonisolated(unsafe) private static var systemOffset = 0.0
    private static let wasAskedOutside = Atomic<Bool>(false)

    @usableFromInline static var wallTimeOutsideRun: Double {
        wasAskedOutside.store(true, ordering: .relaxed)
        return systemClock(clock_gettime) + systemOffset
    }

    static var systemClockResolution: Double { systemClock(clock_getres) }

    /// To be called where a run begins and MPI can be called.
    static func continueSystemClock() {
        if wasAskedOutside.load(ordering: .relaxed) { wallTimeOffset = wallTimeOutsideRun - MPI_Wtime() }
    }

    /// To be called where a run ends and MPI can still be called.
    static func continueMPIClock() {
        systemOffset += MPI_Wtime() + wallTimeOffset - (systemClock(clock_gettime) + systemOffset)
    }

    private static func systemClock(_ read: (clockid_t, UnsafeMutablePointer<timespec>) -> CInt) -> Double {
        var time = timespec()
        _ = read(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The system's name of this node.
    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        _ = gethostname(&name, name.count - 1)
        return name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
