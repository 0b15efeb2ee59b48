internal import CHDF5
public import SwiftMPI

/// Options for accessing a file: the alignment of its parts, and hints to MPI-IO.
///
///     let access = HDF5FileAccess(alignment: .init(to: 1 << 20), hints: ["striping_factor": "8"])
///     let file = try HDF5File.create("run.h5", communicator: world, access: access)
public struct HDF5FileAccess: Sendable, Hashable {
    /// The alignment of the larger parts of a file.
    public struct Alignment: Sendable, Hashable {
        /// The alignment in bytes, such as the size of a stripe or block of the file system.
        public var boundary: Int
        /// The size in bytes from which parts are aligned.
        public var threshold: Int

        public init(to boundary: Int, fromSize threshold: Int = 1 << 16) {
            self.boundary = boundary
            self.threshold = threshold
        }
    }

    /// The alignment of large parts; nil to store parts without gaps.
    public var alignment: Alignment?
    /// Hints passed to MPI-IO when a parallel file is opened. MPI-IO ignores hints it does not know.
    public var hints: Info
    /// Whether a file is opened the way HDF5 opens the source files of virtual datasets: locked, and without closing
    /// the objects that are open in it. HDF5 cannot have the same file open in two ways.
    var isAsForSources = false

    public init(alignment: Alignment? = nil, hints: Info = [:]) {
        self.alignment = alignment
        self.hints = hints
    }
}

extension HDF5FileAccess {
    /// Returns the file access property list, which selects MPI-IO if there is a communicator and POSIX otherwise.
    ///
    /// C: H5Pset_fapl_mpio, H5Pset_alignment, H5Pset_coll_metadata_write, H5Pset_fclose_degree, H5Pset_file_locking
    func list(_ attempt: String, _ communicator: Communicator?) throws(HDF5Error) -> Handle {
        let list = try Handle.propertyList(CHDF5_H5P_FILE_ACCESS)
        if isAsForSources {
            try check("H5Pset_fclose_degree", attempt) { H5Pset_fclose_degree(list.id, H5F_CLOSE_WEAK) }
        } else {
            try check("H5Pset_fclose_degree", attempt) { H5Pset_fclose_degree(list.id, H5F_CLOSE_STRONG) }
            // Parallel files are never locked. Serial files are not locked either, because locking fails on file
            // systems without locks (NFS, Lustre) and while a child process that was just started still holds the lock.
            // `HDF5_USE_FILE_LOCKING` overrides this.
            try check("H5Pset_file_locking", attempt) { H5Pset_file_locking(list.id, false, true) }
        }
        if let alignment {
            guard alignment.boundary >= 1, alignment.threshold >= 0 else {
                throw HDF5Error(
                    attempt,
                    refusedBecause:
                        "parts of \(alignment.threshold) bytes cannot be aligned to multiples of \(alignment.boundary)")
            }
            try check("H5Pset_alignment", attempt) {
                H5Pset_alignment(list.id, hsize_t(alignment.threshold), hsize_t(alignment.boundary))
            }
        }
        if let communicator {
            try setCommunicator(communicator, of: list, attempt)
            // Metadata writes only: collective metadata *reads* are unreliable before HDF5 1.10.9.
            try check("H5Pset_coll_metadata_write", attempt) { H5Pset_coll_metadata_write(list.id, true) }
        }
        return list
    }

    /// C: MPI_Info_create, MPI_Info_set, MPI_Info_free, H5Pset_fapl_mpio, which copies the hints
    private func setCommunicator(
        _ communicator: Communicator, of list: borrowing Handle, _ attempt: String
    ) throws(HDF5Error) {
        var info = CHDF5_INFO_NULL()
        defer { if !hints.entries.isEmpty { MPI_Info_free(&info) } }
        if !hints.entries.isEmpty {
            MPI_Info_create(&info)
            for (key, value) in hints.entries where MPI_Info_set(info, key, value) != MPI_SUCCESS {
                throw HDF5Error(attempt, refusedBecause: "'\(key)' = '\(value)' is no hint that MPI could take")
            }
        }
        let id = list.id
        try check("H5Pset_fapl_mpio", attempt) { H5Pset_fapl_mpio(id, communicator.handle, info) }
    }
}
