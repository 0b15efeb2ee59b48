internal import CHDF5
internal import Glibc
public import SwiftMPI

/// An HDF5 file, opened by one process or by all ranks of a communicator together.
///
/// With a communicator the file is *parallel*: all ranks open, close and flush it and change its structure (datasets,
/// groups, attributes) with the same arguments in the same order. Data are transferred collectively or by each rank
/// separately. Without a communicator, HDF5 uses plain POSIX calls, and MPI need not be running.
///
/// End the use of a file with ``close(keepsFile:)``, or with ``discard(keepsFile:)`` after an error that all ranks know
/// of. A serial file that is merely dropped is closed, and errors are ignored. A parallel file that is dropped is lost:
/// the rank that drops it may be unwinding an error that the other ranks know nothing of, so no collective call is
/// possible. HDF5 must not try to complete the file in `MPI_Finalize` either.
public struct HDF5File: ~Copyable, HDF5Container {
    /// The access mode of an existing file.
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

    /// Creates a file, or truncates an existing one. Collective.
    ///
    /// The file tracks the order in which links and attributes are created, as netCDF-4 requires.
    /// - Parameters:
    ///   - path: The path of the new file.
    ///   - communicator: The ranks that write together; nil for this process alone.
    ///   - access: The alignment, and hints to MPI-IO.
    /// - Throws: ``HDF5Error``, for example for a directory that does not exist.
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
    ///   - path: The path of the file.
    ///   - mode: Whether the file can be changed.
    ///   - communicator: The ranks that open the file together; nil for this process alone.
    ///   - access: The alignment, and hints to MPI-IO.
    /// - Throws: ``HDF5Error``, for example for a file that is missing, truncated, or not an HDF5 file.
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

/// Throws for names that are too long for Open MPI, which derives other names from them: one from the last component
/// with up to 29 additional bytes and, in version 4, one from the whole path with up to 15 additional bytes, which it
/// writes to a buffer of 256 bytes without a bounds check.
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
    /// Returns whether a file exists and is an HDF5 file. Not collective.
    ///
    /// C: H5Fis_hdf5
    public static func isHDF5(_ path: String) -> Bool { Library.exclusively { H5Fis_hdf5(path) } > 0 }
}

// MARK: - Closing

extension HDF5File {
    /// Flushes everything written so far to the operating system and, in a parallel file, to the disk. Collective.
    ///
    /// - Throws: ``HDF5Error``, for example if the disk is full.
    ///
    /// C: H5Fflush
    public func flush() throws(HDF5Error) {
        try claimSpace("write \(filePath)")
        try check("H5Fflush", "write \(filePath)") { H5Fflush(id, H5F_SCOPE_GLOBAL) }
    }

    /// Closes the file and all open objects in it; its datasets and groups cannot be used afterwards. Collective.
    ///
    /// - Parameter keepsFile: Whether a newly created file is kept if closing fails; otherwise it is discarded.
    /// - Throws: ``HDF5Error``, for example if the disk is full.
    ///
    /// C: H5Fflush, H5Fclose
    public consuming func close(keepsFile: Bool = false) throws(HDF5Error) {
        do throws(HDF5Error) {
            // Any failure occurs here, while the file can still be diverted.
            if origin != .openedToRead { try flush() }
        } catch {
            discard(keepsFile: keepsFile)
            throw error
        }
        let path = filePath
        try handle.release("close \(path)")
    }

    /// Closes the file without writing buffered data, and removes it if it was newly created. Collective.
    ///
    /// Use this method after a failed write: agree on the failure among the ranks, then discard the file on all of
    /// them. Buffered data are not written, so that neither this method nor `MPI_Finalize` can fail or hang because of
    /// them.
    ///
    /// - Parameter keepsFile: Whether a newly created file is kept in the state of its last flush.
    ///
    /// C: H5Fclose
    public consuming func discard(keepsFile: Bool = false) {
        let (path, communicator, wasCreated) = (filePath, communicator, origin == .created)
        let diverted = origin == .openedToRead ? nil : divert(id, isParallel: isParallel)
        try? handle.release("discard \(path)")
        diverted?.close()
        // One rank removes the file; no rank continues until it is removed.
        if wasCreated && !keepsFile { _ = try? communicator.agreed("discard \(path)") { unlink(path) } }
    }
}
