internal import CMPI
private import Synchronization

/// A derived datatype that any thread may use.
struct DatatypeHandle: Hashable, @unchecked Sendable {
    let datatype: MPI_Datatype

    fileprivate func free() {
        var datatype = CMPI_DATATYPE_NULL()
        datatype = self.datatype
        MPI_Type_free(&datatype)
    }
}

/// The derived datatypes that exist now. All are freed when MPI is finalized, because MPICH reports those that are not.
///
/// The datatype of a Swift type is made when it is first used. An object with a datatype of its own frees it in
/// `deinit`, unless the object outlives MPI, as a global does.
///
/// All functions are safe to call from any thread.
enum CommittedDatatypes {
    private struct Table {
        var ofTypes: [ObjectIdentifier: DatatypeHandle] = [:]
        var ofObjects: Set<DatatypeHandle> = []
        var isFreedAtFinalize = false

        /// Frees all datatypes at the beginning of `MPI_Finalize`, where MPI deletes the attributes of `MPI_COMM_SELF`
        /// (MPI-3.1 §8.7.1).
        mutating func freeAtFinalize() throws(MPIError) {
            if isFreedAtFinalize { return }
            try CommittedDatatypes.callAtFinalize()
            isFreedAtFinalize = true
        }

        mutating func freeAll() {
            for handle in ofTypes.values { handle.free() }
            for handle in ofObjects { handle.free() }
            self = Table(isFreedAtFinalize: true)
        }
    }

    private static let table = Mutex(Table())

    /// Returns the datatype of a type, or `MPI_DATATYPE_NULL` while MPI is not running.
    ///
    /// - Parameter make: Makes and commits the datatype if it does not exist yet. May request the datatypes of other
    ///   types.
    static func datatype(of type: Any.Type, _ make: () throws(MPIError) -> MPI_Datatype) -> MPI_Datatype {
        let key = ObjectIdentifier(type)
        if let known = table.withLock({ $0.ofTypes[key] }) { return known.datatype }
        if !MPI.isRunning { return unwrapped(CMPI_DATATYPE_NULL()) }
        do {
            let made = DatatypeHandle(datatype: try make())
            let kept = try table.withLock { (table) throws(MPIError) in
                try table.freeAtFinalize()
                if table.ofTypes[key] == nil { table.ofTypes[key] = made }
                return table.ofTypes[key]!
            }
            // Another thread may have made the datatype first.
            if kept != made { made.free() }
            return kept.datatype
        } catch {
            endJob(mistake: "the MPI datatype of \(type): \(error)")
        }
    }

    /// Returns the datatype of a type that consists of consecutive values of another type.
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
        defer { DatatypeHandle(datatype: datatype).free() }
        try check("MPI_Type_create_resized", MPI_Type_create_resized(datatype, 0, extent, &resized))
        try check("MPI_Type_commit", MPI_Type_commit(&resized))
        return unwrapped(resized)
    }

    /// Registers the datatype that belongs to an object.
    static func keep(_ datatype: MPI_Datatype) throws(MPIError) -> DatatypeHandle {
        let handle = DatatypeHandle(datatype: datatype)
        try table.withLock { (table) throws(MPIError) in
            try table.freeAtFinalize()
            table.ofObjects.insert(handle)
        }
        return handle
    }

    /// Frees a datatype, unless MPI has been finalized.
    static func free(_ handle: DatatypeHandle) {
        if table.withLock({ $0.ofObjects.remove(handle) }) != nil { handle.free() }
    }

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
                    CommittedDatatypes.table.withLock { $0.freeAll() }
                    return MPI_SUCCESS
                },
                &key, nil))
        try check("MPI_Comm_set_attr", MPI_Comm_set_attr(CMPI_COMM_SELF(), key, nil))
        try check("MPI_Comm_free_keyval", MPI_Comm_free_keyval(&key))
    }
}
