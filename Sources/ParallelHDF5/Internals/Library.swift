internal import CHDF5
internal import Synchronization

/// The HDF5 library as one thing that is either set up or not.
enum Library {
    /// HDF5 built with MPI is not thread-safe: every call holds this lock, and reads its error stack before letting go.
    private static let lock = Mutex<Void>(())

    /// In an MPI program HDF5 finishes while MPI_Finalize runs (it hangs its clean-up on MPI_COMM_SELF), so its atexit
    /// handler is left out: after MPI_Abort it would start collective calls that nobody joins.
    private static let initialized: Void = {
        var mpiRuns: CInt = 0
        MPI_Initialized(&mpiRuns)
        if mpiRuns != 0 { H5dont_atexit() }
        H5open()
    }()

    /// Runs HDF5 calls alone, and without HDF5's printing to stderr, which would come once from every rank.
    static func exclusively<R: ~Copyable, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        _ = initialized
        return try lock.withLock { _ throws(E) in
            // Again each time: a call after MPI_Finalize, by something that outlived it, starts the library anew.
            H5Eset_auto2(CHDF5_H5E_DEFAULT(), nil, nil)
            return try body()
        }
    }
}

/// The one place that reads what an HDF5 function returned.
///
/// - Parameters:
///   - function: the C function's name.
///   - attempt: what failed if it fails, e.g. `create /x/y.h5`.
/// - Returns: what the function returned, never negative.
@discardableResult
func check<R: SignedInteger>(
    _ function: StaticString, _ attempt: @autoclosure () -> String, _ body: () -> R
) throws(HDF5Error) -> R {
    try Library.exclusively { () throws(HDF5Error) in
        let result = body()
        if result < 0 { throw HDF5Error(reportedBy: function, attempt()) }
        return result
    }
}

/// How many HDF5 identifiers of any kind are open in this process, those the library keeps for itself included.
///
/// For tests: what a program opens and closes leaves the number as it was.
///
/// C: H5Inmembers
package func openIdentifierCount() -> Int {
    let kinds = [H5I_FILE, H5I_GROUP, H5I_DATATYPE, H5I_DATASPACE, H5I_DATASET, H5I_ATTR, H5I_GENPROP_LST]
    return Library.exclusively {
        var total = 0
        for kind in kinds {
            var count: hsize_t = 0
            if H5Inmembers(kind, &count) >= 0 { total += Int(count) }
        }
        return total
    }
}
