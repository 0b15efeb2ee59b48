internal import CHDF5
public import SwiftMPI

/// How a file is reached: where its parts begin, and hints to MPI-IO.
///
///     let access = HDF5FileAccess(alignment: .init(to: 1 << 20), hints: ["striping_factor": "8"])
///     let file = try HDF5File.create("run.h5", communicator: world, access: access)
public struct HDF5FileAccess: Sendable, Hashable {
    /// Where larger parts of a file begin.
    public struct Alignment: Sendable, Hashable {
        /// Parts begin at multiples of so many bytes, such as a stripe or a block of the file system.
        public var boundary: Int
        /// Those at least so large do.
        public var threshold: Int

        public init(to boundary: Int, fromSize threshold: Int = 1 << 16) {
            self.boundary = boundary
            self.threshold = threshold
        }
    }

    /// Nil to put one part right behind the other.
    public var alignment: Alignment?
    /// What MPI-IO is told when a parallel file is opened; it ignores what it does not know.
    public var hints: Info
    /// Whether a file is opened as HDF5 opens the source files of virtual datasets: locked, and without closing the
    /// objects that are open in it. HDF5 cannot have one file open in two ways.
    var isAsForSources = false

    public init(alignment: Alignment? = nil, hints: Info = [:]) {
        self.alignment = alignment
        self.hints = hints
    }
}

extension HDF5FileAccess {
    /// The property list: MPI-IO for a communicator, POSIX otherwise.
    ///
    /// C: H5Pset_fapl_mpio, H5Pset_alignment, H5Pset_coll_metadata_write, H5Pset_fclose_degree, H5Pset_file_locking
    func list(_ attempt: String, _ communicator: Communicator?) throws(HDF5Error) -> Handle {
        let list = try Handle.propertyList(CHDF5_H5P_FILE_ACCESS)
        if isAsForSources {
            try check("H5Pset_fclose_degree", attempt) { H5Pset_fclose_degree(list.id, H5F_CLOSE_WEAK) }
        } else {
            try check("H5Pset_fclose_degree", attempt) { H5Pset_fclose_degree(list.id, H5F_CLOSE_STRONG) }
            // Parallel files are never locked. Nor are serial ones, as a lock fails where the file system has none
            // (NFS, Lustre) and where a child process just started still holds it. HDF5_USE_FILE_LOCKING has the last
            // word.
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
