internal import CMPI

extension Communicator {
    /// The name shown by debuggers and profilers; empty if it was never set.
    ///
    /// MPI: `MPI_Comm_get_name`, MPI-3.1 §6.8.
    public final var name: String {
        get throws(MPIError) {
            try MPI.requireRunning("MPI_Comm_get_name")
            var code = MPI_SUCCESS
            let name = text(capacity: CInt(MPI_MAX_OBJECT_NAME)) { buffer, length in
                code = MPI_Comm_get_name(handle, buffer, &length.pointee)
                return code
            }
            try check("MPI_Comm_get_name", code)
            return name ?? ""
        }
    }

    /// Names the communicator on this rank.
    ///
    /// - Throws: ``MPIError`` for a name longer than the library supports: 63 bytes in Open MPI, 127 in MPICH.
    ///
    /// MPI: `MPI_Comm_set_name`, MPI-3.1 §6.8.
    public final func setName(_ name: String) throws(MPIError) {
        let limit = Int(MPI_MAX_OBJECT_NAME) - 1
        guard name.utf8.count <= limit else {
            throw MPIError(
                refused: "MPI_Comm_set_name", .argument,
                "a name of \(name.utf8.count) bytes, the library keeps \(limit)")
        }
        try check("MPI_Comm_set_name", MPI_Comm_set_name(handle, name))
    }

    /// The hints in use; the library leaves out hints that it does not know.
    ///
    /// MPI: `MPI_Comm_get_info`, MPI-3.1 §6.4.4.
    public final var info: Info {
        get throws(MPIError) {
            var used = CMPI_INFO_NULL()
            try check("MPI_Comm_get_info", MPI_Comm_get_info(handle, &used))
            defer { MPI_Info_free(&used) }
            return try Info(reading: unwrapped(used))
        }
    }

    /// Sets hints for the library, which may ignore any of them.
    ///
    /// Collective.
    ///
    /// MPI: `MPI_Comm_set_info`, MPI-3.1 §6.4.4.
    public final func setInfo(_ info: Info) throws(MPIError) {
        try check("MPI_Comm_set_info", try info.withHandle { MPI_Comm_set_info(handle, $0) })
    }
}
