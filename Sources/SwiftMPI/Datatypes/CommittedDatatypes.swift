internal import CMPI
private import Synchronization

/// The derived datatypes of Swift types: one a type, made at its first use and freed when MPI is finalized.
///
/// Any thread may ask.
enum CommittedDatatypes {
    /// A handle, which any thread may use.
    private struct Handle: @unchecked Sendable { let datatype: MPI_Datatype }

    private static let table = Mutex<[ObjectIdentifier: Handle]>([:])

    /// The datatype of a type; `MPI_DATATYPE_NULL` while MPI is not running.
    ///
    /// - Parameter make: Makes it, committed, if it is not there yet. May ask for the datatypes of other types.
    static func datatype(of type: Any.Type, _ make: () throws(MPIError) -> MPI_Datatype) -> MPI_Datatype {
        let key = ObjectIdentifier(type)
        if let known = table.withLock({ $0[key] }) { return known.datatype }
        if !MPI.isRunning { return unwrapped(CMPI_DATATYPE_NULL()) }
        do {
            let made = Handle(datatype: try make())
            let kept = try table.withLock { (handles) throws(MPIError) in
                if handles.isEmpty { try callAtFinalize() }
                if handles[key] == nil { handles[key] = made }
                return handles[key]!
            }
            // Another thread may have been faster.
            if kept.datatype != made.datatype { free(made) }
            return kept.datatype
        } catch {
            endJob(mistake: "the MPI datatype of \(type): \(error)")
        }
    }

    /// The datatype of a type that is nothing but values of another one after the other.
    static func datatype<T, Element: MPIDatatype>(of type: T.Type, _ count: Int, _: Element.Type) -> MPI_Datatype {
        datatype(of: type) { () throws(MPIError) in
            var new = CMPI_DATATYPE_NULL()
            let count = try cCount(count, "MPI_Type_contiguous")
            try check("MPI_Type_contiguous", MPI_Type_contiguous(count, Element.mpiDatatype, &new))
            return try committed(unwrapped(new), extent: MemoryLayout<T>.stride)
        }
    }

    /// Gives a new datatype the extent of its Swift type and commits it.
    static func committed(_ datatype: MPI_Datatype, extent: Int) throws(MPIError) -> MPI_Datatype {
        var resized = CMPI_DATATYPE_NULL()
        defer { free(Handle(datatype: datatype)) }
        try check("MPI_Type_create_resized", MPI_Type_create_resized(datatype, 0, extent, &resized))
        try check("MPI_Type_commit", MPI_Type_commit(&resized))
        return unwrapped(resized)
    }

    private static func free(_ handle: Handle) {
        var datatype = CMPI_DATATYPE_NULL()
        datatype = handle.datatype
        MPI_Type_free(&datatype)
    }

    /// Frees all datatypes at the beginning of `MPI_Finalize`, where MPI deletes the attributes of `MPI_COMM_SELF`
    /// (MPI-3.1 §8.7.1).
    private static func callAtFinalize() throws(MPIError) {
        var key: CInt = 0
        try check(
            "MPI_Comm_create_keyval",
            MPI_Comm_create_keyval(
                { _, _, _, _, _, isCopied in
                    isCopied!.pointee = 0
                    return MPI_SUCCESS
                },
                { _, _, _, _ in
                    CommittedDatatypes.table.withLock { handles in
                        handles.values.forEach(CommittedDatatypes.free)
                        handles = [:]
                    }
                    return MPI_SUCCESS
                },
                &key, nil))
        try check("MPI_Comm_set_attr", MPI_Comm_set_attr(CMPI_COMM_SELF(), key, nil))
        try check("MPI_Comm_free_keyval", MPI_Comm_free_keyval(&key))
    }
}
