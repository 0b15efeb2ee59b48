internal import CHDF5
internal import Synchronization

/// The HDF5 library: its initialization, and the lock that serializes calls to it.
enum Library {
    /// Serializes calls, because HDF5 built with MPI is not thread-safe. The error stack is read while the lock is
    /// held.
    private static let lock = Mutex<Void>(())

    /// Initializes HDF5. In an MPI program HDF5 shuts down in MPI_Finalize, by a callback on MPI_COMM_SELF, so its
    /// atexit handler is disabled: after MPI_Abort it would start collective calls that no other rank joins.
    private static let initialized: Void = {
        var mpiRuns: CInt = 0
        MPI_Initialized(&mpiRuns)
        if mpiRuns != 0 { H5dont_atexit() }
        H5open()
    }()

    /// Runs HDF5 calls while holding the lock, and without HDF5's error output to stderr, which would come from every
    /// rank.
    static func exclusively<R: ~Copyable, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        _ = initialized
        return try lock.withLock { _ throws(E) in
            // Repeated for each call: a call after MPI_Finalize, from an object that outlived it, initializes the
            // library again.
            H5Eset_auto2(CHDF5_H5E_DEFAULT(), nil, nil)
            return try body()
        }
    }
}

/// Calls an HDF5 function and throws if it fails. No other code checks the results of HDF5 functions.
///
/// - Parameters:
///   - function: The name of the C function.
///   - attempt: The attempted operation, for the error: `create /x/y.h5`.
/// - Returns: The result of the function, which is never negative.
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

/// Returns the number of HDF5 identifiers of all kinds that are open in this process, including those of the library
/// itself.
///
/// For tests: opening and closing objects leaves the number unchanged.
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
