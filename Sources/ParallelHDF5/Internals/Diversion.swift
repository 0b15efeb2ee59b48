internal import CHDF5
internal import Glibc

// HDF5 cannot close a file without writing its metadata, and cannot recover if that fails: H5Fclose then leaves an
// identifier of freed memory behind, on which the library's own clean-up crashes, or ranks stop at different collective
// calls and wait forever. A file that is no longer needed is therefore diverted before it is closed: HDF5 writes its
// remaining data to memory, where writing succeeds.

/// The original MPI file of a diverted HDF5 file.
struct DivertedFile {
    fileprivate var original: MPI_File?

    /// Closes the original MPI file. Collective.
    ///
    /// C: MPI_File_close
    func close() {
        var file = original
        if file != nil { MPI_File_close(&file) }
    }
}

/// Redirects all further writes of HDF5 to `file` to memory. Not collective.
///
/// C: H5Fget_vfd_handle, which returns the address of the driver's MPI_File or file descriptor
func divert(_ file: Int64, isParallel: Bool) -> DivertedFile {
    let memory = CHDF5_memfd_create("discarded HDF5 file")
    guard memory >= 0 else { return DivertedFile() }
    defer { _ = close(memory) }
    return Library.exclusively {
        var place: UnsafeMutableRawPointer?
        guard H5Fget_vfd_handle(file, CHDF5_H5P_DEFAULT(), &place) >= 0, let place else { return DivertedFile() }
        guard isParallel else {
            _ = dup2(memory, place.load(as: CInt.self))
            return DivertedFile()
        }
        var replacement: MPI_File? = CHDF5_FILE_NULL()
        let opened = MPI_File_open(
            CHDF5_COMM_SELF(), "/proc/self/fd/\(memory)", MPI_MODE_RDWR, CHDF5_INFO_NULL(), &replacement)
        guard opened == MPI_SUCCESS else { return DivertedFile() }
        let file = place.assumingMemoryBound(to: MPI_File?.self)
        defer { file.pointee = replacement }
        return DivertedFile(original: file.pointee)
    }
}
