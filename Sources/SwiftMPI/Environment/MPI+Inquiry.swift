internal import CMPI

// Whether MPI runs and with what threads.
extension MPI {
    /// Whether MPI was started in this process, be it finalized since.
    ///
    /// MPI: `MPI_Initialized`, MPI-3.1 §8.7.
    public static var isInitialized: Bool {
        var flag: CInt = 0
        return MPI_Initialized(&flag) == MPI_SUCCESS && flag != 0
    }

    /// Whether MPI was finalized, after which no call is possible.
    ///
    /// MPI: `MPI_Finalized`, MPI-3.1 §8.7.
    public static var isFinalized: Bool {
        var flag: CInt = 0
        return MPI_Finalized(&flag) == MPI_SUCCESS && flag != 0
    }

    /// Whether this process is between the start and the end of ``run(threads:_:)``, where MPI certainly runs.
    ///
    /// Every call reads it first, hence a plain variable: it changes only where no other thread makes MPI calls.
    @exclusivity(unchecked) @usableFromInline nonisolated(unsafe) static var isInsideRun = false

    /// Whether calls are possible. A library of the same program may have started MPI, outside ``run(threads:_:)``.
    @usableFromInline static var isRunning: Bool { isInsideRun || (isInitialized && !isFinalized) }

    /// Throws where MPI would end the process: before it is started and after it is finalized.
    @usableFromInline
    static func requireRunning(_ function: StaticString) throws(MPIError) {
        if !isRunning { throw MPIError(refused: function, .other, notRunningText) }
    }

    static let notRunningText = "MPI is not running: call it inside MPI.run"

    /// Stands for the code of a call that was not made because MPI is not running; no library returns it.
    @usableFromInline static var notRunningCode: CInt { .min }

    /// What the program's threads may do, which may be more than was asked for.
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
    /// The largest tag a message can have; at least 32 767.
    ///
    /// MPI: `MPI_TAG_UB`, MPI-3.1 §8.1.2.
    public static var tagUpperBound: Int {
        get throws(MPIError) { try predefined(CMPI_TAG_UB()) ?? 32_767 }
    }

    /// The rank of the host process; ``procNull`` if there is none.
    ///
    /// MPI: `MPI_HOST`, MPI-3.1 §8.1.2.
    public static var hostRank: Int? { get throws(MPIError) { try predefined(CMPI_HOST()) } }

    /// A rank that can do language-standard input and output: ``anySource`` if every rank can, ``procNull`` if none.
    ///
    /// MPI: `MPI_IO`, MPI-3.1 §8.1.2.
    public static var ioRank: Int? { get throws(MPIError) { try predefined(CMPI_IO()) } }

    /// Whether ``wallTime`` is the same clock on all ranks.
    ///
    /// MPI: `MPI_WTIME_IS_GLOBAL`, MPI-3.1 §8.1.2.
    public static var wallTimeIsGlobal: Bool {
        get throws(MPIError) { try predefined(CMPI_WTIME_IS_GLOBAL()) ?? 0 != 0 && wallTimeOffset == 0 }
    }

    /// How many processes the job may have, those it can still spawn included; `nil` if that is not known.
    ///
    /// MPI: `MPI_UNIVERSE_SIZE`, MPI-3.1 §10.5.1.
    public static var universeSize: Int? { get throws(MPIError) { try predefined(CMPI_UNIVERSE_SIZE()) } }

    /// Which of the programs of `mpiexec -n 2 one : -n 3 other` this one is, from 0; `nil` if that is not known.
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
