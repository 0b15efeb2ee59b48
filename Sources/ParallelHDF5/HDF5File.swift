internal import CHDF5
internal import Glibc
public import SwiftMPI

/// An HDF5 file, opened by one process or by all ranks of a communicator together.
///
/// With a communicator the file is *parallel*: it is opened, closed, flushed and changed in structure (datasets,
/// groups, attributes) by all ranks with the same arguments in the same order; data move collectively or each rank for
/// itself. Without one, HDF5 uses plain POSIX calls and MPI need not be running.
///
/// End the use of a file with ``close(keepsFile:)``, or with ``discard(keepsFile:)`` when something went wrong and all
/// ranks know it. A serial file that is merely dropped is closed, its errors unseen. A parallel file that is dropped is
/// lost: the rank that drops it may be unwinding an error the others know nothing of, so nothing collective can be
/// done, and HDF5 must not try to finish the file in MPI_Finalize either.
public struct HDF5File: ~Copyable, HDF5Container {
    /// How an existing file is opened.
    public enum Mode: Sendable {
        case readOnly
        case readWrite
    }

    private enum Origin { case created, openedToRead, openedToWrite }

    private let handle: Handle
    private let origin: Origin
    public let filePath: String
    public let communicator: Communicator?

    public var id: Int64 { handle.id }
    public var path: String { "/" }

    private init(
        _ path: String, _ origin: Origin, _ communicator: Communicator?, _ access: HDF5FileAccess,
        _ function: StaticString, _ open: (_ access: Int64) -> Int64
    ) throws(HDF5Error) {
        let attempt = "\(origin == .created ? "create" : "open") \(path)"
        if communicator != nil { try requireRoom(for: path, attempt, function) }
        let access = try access.list(attempt, communicator)
        let whenDropped: Handle.WhenDropped =
            communicator == nil ? .close : origin == .openedToRead ? .leave : .divert
        handle = try Handle(
            function, attempt, closedBy: H5Fclose, named: "H5Fclose",
            whenDropped: whenDropped
        ) { open(access.id) }
        self.origin = origin
        filePath = path
        self.communicator = communicator
    }

    /// Creates a file, or empties the one there is.
    ///
    /// The file tracks the order in which links and attributes are made, as netCDF-4 demands. Collective.
    /// - Parameters:
    ///   - path: where it is to be.
    ///   - communicator: the ranks that write together; nil for this process alone.
    ///   - access: alignment, and hints to MPI-IO.
    /// - Throws: HDF5Error, e.g. for a directory that does not exist.
    ///
    /// C: H5Fcreate
    public static func create(
        _ path: String, communicator: Communicator? = nil, access: HDF5FileAccess = HDF5FileAccess()
    ) throws(HDF5Error) -> HDF5File {
        let creation = try Handle.propertyList(CHDF5_H5P_FILE_CREATE)
        let order = CHDF5_H5P_CRT_ORDER_TRACKED() | CHDF5_H5P_CRT_ORDER_INDEXED()
        try check("H5Pset_link_creation_order", "create \(path)") { H5Pset_link_creation_order(creation.id, order) }
        try check("H5Pset_attr_creation_order", "create \(path)") { H5Pset_attr_creation_order(creation.id, order) }
        return try HDF5File(path, .created, communicator, access, "H5Fcreate") {
            H5Fcreate(path, CHDF5_H5F_ACC_TRUNC(), creation.id, $0)
        }
    }

    /// Opens an existing file. Collective.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - mode: whether it may be changed.
    ///   - communicator: the ranks that open it together; nil for this process alone.
    ///   - access: alignment, and hints to MPI-IO.
    /// - Throws: HDF5Error, e.g. for a file that is missing, cut short, or of another format.
    ///
    /// C: H5Fopen
    public static func open(
        _ path: String, mode: Mode = .readOnly, communicator: Communicator? = nil,
        access: HDF5FileAccess = HDF5FileAccess()
    ) throws(HDF5Error) -> HDF5File {
        try HDF5File(path, mode == .readOnly ? .openedToRead : .openedToWrite, communicator, access, "H5Fopen") {
            H5Fopen(path, mode == .readOnly ? CHDF5_H5F_ACC_RDONLY() : CHDF5_H5F_ACC_RDWR(), $0)
        }
    }
}

/// Refuses names for which Open MPI has no room. It makes names of its own of them: of the last part one of up to 29
/// bytes more, of the whole in version 4 one of up to 15 more, which it writes into 256 bytes without asking.
private func requireRoom(for path: String, _ attempt: String, _ function: StaticString) throws(HDF5Error) {
    if path.split(separator: "/").last?.utf8.count ?? 0 > MPI.longestFileName {
        throw HDF5Error(attempt, refusedBecause: "its name has more than \(MPI.longestFileName) bytes", by: function)
    }
    if path.utf8.count > 240, MPI.libraryVersion.hasPrefix("Open MPI v4") {
        throw HDF5Error(
            attempt,
            refusedBecause:
                "its path has more than 240 bytes, which Open MPI 4 does not survive; in the folder itself the "
                + "name alone will do", by: function)
    }
}

extension HDF5File {
    /// Whether a file is of HDF5's format; false also where there is none. Not collective.
    ///
    /// C: H5Fis_hdf5
    public static func isHDF5(_ path: String) -> Bool { Library.exclusively { H5Fis_hdf5(path) } > 0 }
}

// MARK: - Ending

extension HDF5File {
    /// Hands everything written so far to the operating system; in a parallel file also to the disk. Collective.
    ///
    /// - Throws: HDF5Error, e.g. for a full disk.
    ///
    /// C: H5Fflush
    public func flush() throws(HDF5Error) {
        try claimSpace("write \(filePath)")
        try check("H5Fflush", "write \(filePath)") { H5Fflush(id, H5F_SCOPE_GLOBAL) }
    }

    /// Closes the file and whatever is open in it: its datasets and groups cannot be used afterwards. Collective.
    ///
    /// - Parameter keepsFile: whether a file that was being created stays when this fails; otherwise it is discarded.
    /// - Throws: HDF5Error, e.g. for a full disk.
    ///
    /// C: H5Fflush, H5Fclose
    public consuming func close(keepsFile: Bool = false) throws(HDF5Error) {
        do throws(HDF5Error) {
            // All that can fail fails here, while the file can still be diverted.
            if origin != .openedToRead { try flush() }
        } catch {
            discard(keepsFile: keepsFile)
            throw error
        }
        let path = filePath
        try handle.release("close \(path)")
    }

    /// Closes the file without caring for what was written to it, and removes it if it was being created. Collective.
    ///
    /// This is the way out after a failed write: agree on the failure among the ranks, then discard the file on all of
    /// them. What HDF5 still holds is not written, so that neither this nor MPI_Finalize can fail or hang over it.
    ///
    /// - Parameter keepsFile: whether the file stays as it was when it was last flushed.
    ///
    /// C: H5Fclose
    public consuming func discard(keepsFile: Bool = false) {
        let (path, communicator, wasCreated) = (filePath, communicator, origin == .created)
        let diverted = origin == .openedToRead ? nil : divert(id, isParallel: isParallel)
        try? handle.release("discard \(path)")
        diverted?.close()
        // One rank removes the file, and none goes on before it is gone.
        if wasCreated && !keepsFile { _ = try? communicator.agreed("discard \(path)") { unlink(path) } }
    }
}
