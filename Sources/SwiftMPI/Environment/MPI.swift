// Environment (MPI-3.1 chapter 8): constants, versions, timers.
// Missing: memory allocation, `MPI_Pcontrol`.

public import CMPI

/// The MPI environment of this process; start it with ``run(threads:_:)``.
public enum MPI {
    /// The null process: communication with this rank has no effect (`MPI_PROC_NULL`).
    @inlinable public static var procNull: Int { Int(CMPI_PROC_NULL()) }
    /// Matches a message from any rank (`MPI_ANY_SOURCE`).
    @inlinable public static var anySource: Int { Int(CMPI_ANY_SOURCE()) }
    /// Matches a message with any tag (`MPI_ANY_TAG`).
    @inlinable public static var anyTag: Int { Int(CMPI_ANY_TAG()) }
    /// The root argument of the root itself in a collective call on an ``InterCommunicator`` (`MPI_ROOT`).
    @inlinable public static var root: Int { Int(CMPI_ROOT()) }

    /// Seconds since some moment in the past, for measuring elapsed time.
    ///
    /// The clock is continuous before, during and after ``run(threads:_:)``: outside `run`, a system clock continues
    /// MPI's.
    ///
    /// MPI: `MPI_Wtime`, MPI-3.1 §8.6.
    @inlinable public static var wallTime: Double {
        isInsideRun ? MPI_Wtime() + wallTimeOffset : wallTimeOutsideRun
    }

    /// The resolution of ``wallTime``, in seconds.
    ///
    /// MPI: `MPI_Wtick`, MPI-3.1 §8.6.
    public static var wallTimeResolution: Double { isInsideRun ? MPI_Wtick() : systemClockResolution }

    /// The name and version of the MPI library, in one line.
    ///
    /// MPI: `MPI_Get_library_version`, MPI-3.1 §8.1.1.
    public static var libraryVersion: String {
        let whole = text(capacity: CInt(MPI_MAX_LIBRARY_VERSION_STRING)) { MPI_Get_library_version($0, $1) } ?? "MPI"
        // MPICH returns a whole page whose first line is "MPICH Version:\t4.0.2".
        let firstLine = whole.prefix { $0 != "\n" && $0 != "," && $0 != "\0" }
        return String(firstLine).replacing(" Version:\t", with: " ").replacing("\t", with: " ")
    }

    /// The version of the standard that the library implements, such as 3.1.
    ///
    /// MPI: `MPI_Get_version`, MPI-3.1 §8.1.1.
    public static var standardVersion: (major: Int, minor: Int) {
        var major: CInt = 0
        var minor: CInt = 0
        MPI_Get_version(&major, &minor)
        return (Int(major), Int(minor))
    }

    /// The name of the node that this rank runs on; outside ``run(threads:_:)``, the system's host name.
    ///
    /// MPI: `MPI_Get_processor_name`, MPI-3.1 §8.1.4.
    public static var processorName: String {
        isRunning
            ? text(capacity: CInt(MPI_MAX_PROCESSOR_NAME)) { MPI_Get_processor_name($0, $1) } ?? "unknown" : hostName
    }
}
