internal import CHDF5
public import SwiftMPI

/// An array of numbers (or other elements) in an HDF5 file.
///
/// Its shape is fixed when it is created. In a parallel file transfers are collective unless said otherwise: every rank
/// makes the same call, one with nothing to move passes an empty selection.
public struct HDF5Dataset: ~Copyable, HDF5Object {
    private let handle: Handle
    let transferList: Handle

    /// The extent along each axis, slowest first; no axes for a scalar.
    public let shape: [Int]
    /// The type of the elements as the file stores them.
    public let storedType: HDF5StoredType
    /// The ranks that opened the file together; nil for a serial file.
    public let communicator: Communicator?
    public let filePath: String
    /// The path inside the file.
    public let path: String

    public var id: Int64 { handle.id }
    public var name: String { "\(filePath):\(path)" }
    /// Whether the file was opened by all ranks of a communicator.
    public var isParallel: Bool { communicator != nil }
    /// The number of elements.
    public var elementCount: Int { shape.reduce(1, *) }

    fileprivate init(
        handle: consuming Handle, filePath: String, path: String, communicator: Communicator?
    ) throws(HDF5Error) {
        let attempt = "open dataset \(path) of \(filePath)"
        let id = handle.id
        let space = try Handle("H5Dget_space", attempt, closedBy: H5Sclose, named: "H5Sclose") { H5Dget_space(id) }
        let type = try Handle("H5Dget_type", attempt, closedBy: H5Tclose, named: "H5Tclose") { H5Dget_type(id) }
        let shape = try space.extent(attempt)
        let transferList = try Handle.propertyList(CHDF5_H5P_DATASET_XFER)
        self.handle = handle
        self.transferList = transferList
        self.shape = shape
        self.storedType = HDF5StoredType(type)
        self.filePath = filePath
        self.path = path
        self.communicator = communicator
    }

    /// A copy of the type as stored, to be used as the type in memory.
    func fileType() throws(HDF5Error) -> Handle {
        try Handle("H5Dget_type", "read \(name)", closedBy: H5Tclose, named: "H5Tclose") { H5Dget_type(id) }
    }

    /// A copy of the dataspace, everything selected.
    func fileSpace(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        try Handle("H5Dget_space", attempt(), closedBy: H5Sclose, named: "H5Sclose") { H5Dget_space(id) }
    }

    /// Closes the dataset; closing its file does so too, and so does dropping it.
    ///
    /// C: H5Dclose
    public consuming func close() throws(HDF5Error) {
        let name = name
        try handle.release("close \(name)")
    }
}

extension HDF5Container where Self: ~Copyable {
    /// Makes a dataset of numbers, stored contiguously in the machine's byte order. Collective in a parallel file.
    ///
    /// Its space on the disk is claimed at once and not filled: elements never written are undefined.
    /// - Parameter shape: the extent along each axis, slowest first; `[]` for a scalar.
    /// - Throws: HDF5Error, e.g. for a negative extent, a name that is taken, or (on all ranks) a full disk.
    ///
    /// C: H5Dcreate2, with H5Pset_alloc_time(H5D_ALLOC_TIME_EARLY) and H5Pset_fill_time(H5D_FILL_TIME_NEVER)
    public func createDataset<T: HDF5Scalar>(
        _ relative: String, of type: T.Type, shape: [Int]
    ) throws(HDF5Error) -> HDF5Dataset {
        let path = childPath(relative)
        let attempt = "create dataset \(path) in \(filePath)"
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw HDF5Error(attempt, refusedBecause: "the shape \(shape) has a negative extent")
        }
        var bytes = MemoryLayout<T>.size
        for extent in shape where extent > 0 {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            if overflow { throw HDF5Error(attempt, refusedBecause: "the shape \(shape) exceeds 2^63 bytes") }
            bytes = product
        }
        let creation = try Handle.propertyList(CHDF5_H5P_DATASET_CREATE)
        let order = CHDF5_H5P_CRT_ORDER_TRACKED() | CHDF5_H5P_CRT_ORDER_INDEXED()
        try check("H5Pset_layout", attempt) { H5Pset_layout(creation.id, H5D_CONTIGUOUS) }
        try check("H5Pset_alloc_time", attempt) { H5Pset_alloc_time(creation.id, H5D_ALLOC_TIME_EARLY) }
        try check("H5Pset_fill_time", attempt) { H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER) }
        try check("H5Pset_attr_creation_order", attempt) { H5Pset_attr_creation_order(creation.id, order) }
        let space = try Handle.dataspace(shape, attempt)
        let handle = try Handle("H5Dcreate2", attempt, closedBy: H5Dclose, named: "H5Dclose") {
            H5Dcreate2(id, path, T.hdf5Type.native, space.id, CHDF5_H5P_DEFAULT(), creation.id, CHDF5_H5P_DEFAULT())
        }
        // HADDR_UNDEF, all bits set, for a dataset without elements.
        let offset = Int(truncatingIfNeeded: Library.exclusively { H5Dget_offset(handle.id) })
        try claimSpace(upTo: offset < 0 ? 0 : offset + bytes, attempt)
        return try HDF5Dataset(handle: handle, filePath: filePath, path: path, communicator: communicator)
    }

    /// Opens a dataset.
    ///
    /// - Throws: HDF5Error, e.g. if there is none of that name.
    ///
    /// C: H5Dopen2
    public func openDataset(_ relative: String) throws(HDF5Error) -> HDF5Dataset {
        let path = childPath(relative)
        let handle = try Handle(
            "H5Dopen2", "open dataset \(path) of \(filePath)", closedBy: H5Dclose, named: "H5Dclose"
        ) { H5Dopen2(id, path, CHDF5_H5P_DEFAULT()) }
        return try HDF5Dataset(handle: handle, filePath: filePath, path: path, communicator: communicator)
    }
}
