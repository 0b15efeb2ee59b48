internal import CMPI

// Inquiries about the state of MPI and its thread level.
extension MPI {
    /// Whether MPI was started in this process; stays true after MPI is finalized.
    ///
    /// MPI: `MPI_Initialized`, MPI-3.1 §8.7.
    public static var isInitialized: Bool {
        var flag: CInt = 0
        return MPI_Initialized(&flag) == MPI_SUCCESS && flag != 0
    }

    /// Whether MPI was finalized, after which no calls are possible.
    ///
    /// MPI: `MPI_Finalized`, MPI-3.1 §8.7.
    public static var isFinalized: Bool {
        var flag: CInt = 0
        return MPI_Finalized(&flag) == MPI_SUCCESS && flag != 0
    }

    /// Whether this process is inside ``run(threads:_:)``, where MPI is known to be running.
    ///
    /// Every call reads this variable first, so it is a plain variable: it changes only while no other thread makes MPI
    /// calls.
    @exclusivity(unchecked) @usableFromInline nonisolated(unsafe) static var isInsideRun = false

    /// Whether calls are possible; a library in the same program may have started MPI outside ``run(threads:_:)``.
    @usableFromInline static var isRunning: Bool { isInsideRun || (isInitialized && !isFinalized) }

    /// Throws in states in which MPI would end the process: before it is started and after it is finalized.
    @usableFromInline
    static func requireRunning(_ function: StaticString) throws(MPIError) {
        if !isRunning { throw MPIError(refused: function, .other, notRunningText) }
    }

    static let notRunningText = "MPI is not running: call it inside MPI.run"

    /// The code of a call that was not made because MPI is not running; no library returns this code.
    @usableFromInline static var notRunningCode: CInt { .min }

    /// The thread level that MPI provides, which may be higher than the requested level.
    ///
    /// MPI: `MPI_Query_thread`, MPI-3.1 §12.4.3.
    public static var threadLevel: ThreadLevel {
        get throws(MPIError) {
            try requireRunning("MPI_Query_thread")
            var provided: CInt = 0
            try check("MPI_Query_thread", MPI_Query_thread(&provided))
            return ThreadLevel(rawValue: provided)
        }
    }

    /// Whether this thread is the one that called ``run(threads:_:)``.
    ///
    /// MPI: `MPI_Is_thread_main`, MPI-3.1 §12.4.3.
    public static var isMainThread: Bool {
        get throws(MPIError) {
            try requireRunning("MPI_Is_thread_main")
            var flag: CInt = 0
            try check("MPI_Is_thread_main", MPI_Is_thread_main(&flag))
            return flag != 0
        }
    }
}

// The predefined attributes of MPI_COMM_WORLD.
extension MPI {
    /// The largest tag that a message can have; at least 32 767.
    ///
    /// MPI: `MPI_TAG_UB`, MPI-3.1 §8.1.2.
    public static var tagUpperBound: Int {
        get throws(MPIError) { try predefined(CMPI_TAG_UB()) ?? 32_767 }
    }

    /// The rank of the host process, or ``procNull`` if there is no host.
    ///
    /// MPI: `MPI_HOST`, MPI-3.1 §8.1.2.
    public static var hostRank: Int? { get throws(MPIError) { try predefined(CMPI_HOST()) } }

    /// A rank that can do language-standard I/O: ``anySource`` if every rank can, ``procNull`` if no rank can.
    ///
    /// MPI: `MPI_IO`, MPI-3.1 §8.1.2.
    public static var ioRank: Int? { get throws(MPIError) { try predefined(CMPI_IO()) } }

    /// Whether ``wallTime`` is the same clock on all ranks.
    ///
    /// MPI: `MPI_WTIME_IS_GLOBAL`, MPI-3.1 §8.1.2.
    public static var wallTimeIsGlobal: Bool {
        get throws(MPIError) { try predefined(CMPI_WTIME_IS_GLOBAL()) ?? 0 != 0 && wallTimeOffset == 0 }
    }

    /// The number of processes that the job may have, including those it can still spawn; `nil` if unknown.
    ///
    /// MPI: `MPI_UNIVERSE_SIZE`, MPI-3.1 §10.5.1.
    public static var universeSize: Int? { get throws(MPIError) { try predefined(CMPI_UNIVERSE_SIZE()) } }

    /// The index, from 0, of this program in a command such as `mpiexec -n 2 one : -n 3 other`; `nil` if unknown.
    ///
    /// MPI: `MPI_APPNUM`, MPI-3.1 §10.5.3.
    public static var applicationNumber: Int? { get throws(MPIError) { try predefined(CMPI_APPNUM()) } }

    /// The largest error code in use.
    ///
    /// MPI: `MPI_LASTUSEDCODE`, MPI-3.1 §8.5.
    public static var lastUsedErrorCode: Int? { get throws(MPIError) { try predefined(CMPI_LASTUSEDCODE()) } }

    private static func predefined(_ key: CInt) throws(MPIError) -> Int? {
        try requireRunning("MPI_Comm_get_attr")
        var value: UnsafeMutablePointer<CInt>?
        var isSet: CInt = 0
        // Open MPI and MPICH keep these attributes on MPI_COMM_WORLD only.
        try check("MPI_Comm_get_attr", MPI_Comm_get_attr(CMPI_COMM_WORLD(), key, &value, &isSet))
        return isSet != 0 ? value.map { Int($0.pointee) } : nil
    }
}
