internal import CHDF5
public import SwiftMPI

/// An array of numbers or other elements in an HDF5 file.
///
/// Transfers in a parallel file are collective by default: every rank makes the same call, and a rank with nothing to
/// transfer passes an empty selection.
public struct HDF5Dataset: ~Copyable, HDF5Object {
    private let handle: Handle
    let transferList: Handle

    /// The extent along each axis, slowest axis first; empty for a scalar.
    public private(set) var shape: [Int]
    private let isNull: Bool
    /// The extent to which ``extend(to:)`` can grow each axis; nil for an axis without a limit.
    public let maximumShape: [Int?]
    /// The storage layout of the elements in the file.
    public let layout: HDF5Layout
    /// The type of the elements as the file stores them.
    public let storedType: HDF5StoredType
    /// The communicator whose ranks opened the file together; nil for a serial file.
    public let communicator: Communicator?
    public let filePath: String
    /// The path inside the file.
    public let path: String

    public var id: Int64 { handle.id }
    public var name: String { "\(filePath):\(path)" }
    /// The number of elements.
    public var elementCount: Int { shape.reduce(1, *) }
    /// The shape, or null for a null dataspace.
    package var extent: HDF5Extent { isNull ? .null : .simple(shape) }

    init(
        handle: consuming Handle, filePath: String, path: String, communicator: Communicator?
    ) throws(HDF5Error) {
        let attempt = "open dataset \(path) of \(filePath)"
        let id = handle.id
        let space = try Handle("H5Dget_space", attempt, closedBy: H5Sclose, named: "H5Sclose") { H5Dget_space(id) }
        let type = try Handle("H5Dget_type", attempt, closedBy: H5Tclose, named: "H5Tclose") { H5Dget_type(id) }
        let (shape, maximumShape) = try space.extents(attempt)
        let isNull = space.isNull
        let layout = try HDF5Layout(of: id, axes: shape.count, attempt)
        let transferList = try Handle.propertyList(CHDF5_H5P_DATASET_XFER)
        self.handle = handle
        self.transferList = transferList
        self.shape = shape
        self.isNull = isNull
        self.maximumShape = maximumShape
        self.layout = layout
        self.storedType = HDF5StoredType(type)
        self.filePath = filePath
        self.path = path
        self.communicator = communicator
    }

    /// Returns a copy of the stored type, for use as the type in memory.
    func fileType(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        try Handle("H5Dget_type", attempt(), closedBy: H5Tclose, named: "H5Tclose") { H5Dget_type(id) }
    }

    /// Returns a copy of the dataspace with all elements selected.
    func fileSpace(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        try Handle("H5Dget_space", attempt(), closedBy: H5Sclose, named: "H5Sclose") { H5Dget_space(id) }
    }

    /// Grows a chunked dataset; existing elements keep their indices. Collective in a parallel file.
    ///
    /// - Parameter newShape: The new shape, along each axis at least the current extent and at most that of
    ///   ``maximumShape``. New elements are undefined until they are written.
    /// - Throws: ``HDF5Error`` for any other shape and, on all ranks, if the disk is full.
    ///
    /// C: H5Dset_extent
    public mutating func extend(to newShape: [Int]) throws(HDF5Error) {
        let attempt = "extend \(name)"
        guard newShape.count == shape.count, zip(newShape, shape).allSatisfy({ $0 >= $1 }),
            zip(newShape, maximumShape).allSatisfy({ extent, most in most.map { extent <= $0 } ?? true })
        else {
            let most = maximumShape.map { $0.map { "\($0)" } ?? "unlimited" }.joined(separator: ", ")
            throw HDF5Error(attempt, refusedBecause: "it can grow from \(shape) to [\(most)], not to \(newShape)")
        }
        guard newShape.byteCount(elementSize: storedType.size) != nil else {
            throw HDF5Error(attempt, refusedBecause: "the shape \(newShape) exceeds 2^63 bytes")
        }
        try check("H5Dset_extent", attempt) { H5Dset_extent(id, newShape.map { hsize_t($0) }) }
        shape = newShape
        try claimSpace(upTo: endOfSpace(attempt), attempt)
    }

    /// Returns the end of the space in the file that is known to belong to the elements; 0 for compressed elements.
    ///
    /// C: H5Dget_offset, H5Dget_chunk_info_by_coord
    func endOfSpace(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> Int {
        guard elementCount > 0, layout.compression == nil else { return 0 }
        var address = Library.exclusively { H5Dget_offset(id) }
        var size = hsize_t(elementCount * storedType.size)
        if let chunkShape = layout.chunkShape {
            // Chunks are allocated in order.
            let last = zip(shape, chunkShape).map { hsize_t(($0 - 1) / $1 * $1) }
            try check("H5Dget_chunk_info_by_coord", attempt()) {
                H5Dget_chunk_info_by_coord(id, last, nil, &address, &size)
            }
        }
        // The address HADDR_UNDEF, with all bits set, means that no space is allocated.
        return address == .max ? 0 : Int(address) + Int(size)
    }

    /// Closes the dataset. Closing its file or dropping the value does so too.
    ///
    /// C: H5Dclose
    public consuming func close() throws(HDF5Error) {
        let name = name
        try handle.release("close \(name)")
    }
}

extension HDF5Container where Self: ~Copyable {
    /// Creates a dataset of numbers in the machine's byte order. Collective in a parallel file.
    ///
    /// Disk space is claimed at once, unless the dataset is compressed. It is not filled: elements are undefined until
    /// they are written.
    /// - Parameters:
    ///   - relative: The name, or a path relative to this file or group.
    ///   - type: The Swift type of the elements.
    ///   - shape: The extent along each axis, slowest axis first; `[]` for a scalar.
    ///   - layout: How the elements are stored in the file.
    ///   - maximumShape: The extent to which a chunked dataset can grow along each axis, nil for an axis without a
    ///     limit. By default the dataset cannot grow.
    /// - Throws: ``HDF5Error``, for example for a negative extent, a name that is taken, or (on all ranks) a full disk.
    ///
    /// C: H5Dcreate2, with H5Pset_alloc_time(H5D_ALLOC_TIME_EARLY) and H5Pset_fill_time(H5D_FILL_TIME_NEVER)
    public func createDataset<T: HDF5Scalar>(
        _ relative: String, of type: T.Type, shape: [Int], layout: HDF5Layout = .contiguous, maximumShape: [Int?]? = nil
    ) throws(HDF5Error) -> HDF5Dataset {
        try makeDataset(
            relative, elementSize: MemoryLayout<T>.size, shape: shape, layout: layout, maximumShape: maximumShape
        ) { () throws(HDF5Error) in try Handle.memoryType(T.hdf5Type, "create dataset \(relative) in \(filePath)") }
    }

    /// Creates a dataset of elements of any type.
    func makeDataset(
        _ relative: String, elementSize: Int, shape: [Int], layout: HDF5Layout, maximumShape: [Int?]?,
        type makeType: () throws(HDF5Error) -> Handle
    ) throws(HDF5Error) -> HDF5Dataset {
        let path = childPath(relative)
        let attempt = "create dataset \(path) in \(filePath)"
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw HDF5Error(attempt, refusedBecause: "the shape \(shape) has a negative extent")
        }
        guard shape.byteCount(elementSize: elementSize) != nil else {
            throw HDF5Error(attempt, refusedBecause: "the shape \(shape) exceeds 2^63 bytes")
        }
        try layout.validate(shape, maximumShape, elementSize: elementSize, attempt)
        let creation = try layout.creationList(attempt)
        let type = try makeType()
        let space = try Handle.dataspace(shape, maximum: maximumShape, attempt)
        let handle = try Handle("H5Dcreate2", attempt, closedBy: H5Dclose, named: "H5Dclose") {
            H5Dcreate2(id, path, type.id, space.id, CHDF5_H5P_DEFAULT(), creation.id, CHDF5_H5P_DEFAULT())
        }
        let dataset = try HDF5Dataset(handle: handle, filePath: filePath, path: path, communicator: communicator)
        try claimSpace(upTo: dataset.endOfSpace(attempt), attempt)
        return dataset
    }

    /// Opens a dataset.
    ///
    /// - Throws: ``HDF5Error``, for example if there is no dataset of that name.
    ///
    /// C: H5Dopen2
    public func openDataset(_ relative: String) throws(HDF5Error) -> HDF5Dataset {
        try openDataset(HDF5Name(childPath(relative)))
    }

    /// Opens a dataset by a path that need not be UTF-8.
    package func openDataset(_ absolute: HDF5Name) throws(HDF5Error) -> HDF5Dataset {
        let path = String(decoding: absolute.bytes, as: UTF8.self)
        let handle = try Handle(
            "H5Dopen2", "open dataset \(path) of \(filePath)", closedBy: H5Dclose, named: "H5Dclose"
        ) { absolute.withCString { H5Dopen2(id, $0, CHDF5_H5P_DEFAULT()) } }
        return try HDF5Dataset(handle: handle, filePath: filePath, path: path, communicator: communicator)
    }
}
