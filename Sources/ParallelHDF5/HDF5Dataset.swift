internal import CHDF5
public import SwiftMPI

/// An array of numbers or other elements in an HDF5 file.
///
/// In a parallel file transfers are collective unless said otherwise: every rank makes the same call, one with nothing
/// to move passes an empty selection.
public struct HDF5Dataset: ~Copyable, HDF5Object {
    private let handle: Handle
    let transferList: Handle

    /// The extent along each axis, slowest first; no axes for a scalar.
    public private(set) var shape: [Int]
    private let isNull: Bool
    /// How far ``extend(to:)`` can go along each axis; nil for an axis without a limit.
    public let maximumShape: [Int?]
    /// How the elements lie in the file.
    public let layout: HDF5Layout
    /// The type of the elements as the file stores them.
    public let storedType: HDF5StoredType
    /// The ranks that opened the file together; nil for a serial file.
    public let communicator: Communicator?
    public let filePath: String
    /// The path inside the file.
    public let path: String

    public var id: Int64 { handle.id }
    public var name: String { "\(filePath):\(path)" }
    /// The number of elements.
    public var elementCount: Int { shape.reduce(1, *) }
    /// The shape, told from a dataspace that has none.
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

    /// A copy of the type as stored, to be used as the type in memory.
    func fileType(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        try Handle("H5Dget_type", attempt(), closedBy: H5Tclose, named: "H5Tclose") { H5Dget_type(id) }
    }

    /// A copy of the dataspace, everything selected.
    func fileSpace(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        try Handle("H5Dget_space", attempt(), closedBy: H5Sclose, named: "H5Sclose") { H5Dget_space(id) }
    }

    /// Makes a chunked dataset longer; what is in it stays where it is. Collective in a parallel file.
    ///
    /// - Parameter newShape: nowhere smaller than the shape, nor larger than ``maximumShape``. New elements are
    ///   undefined until they are written.
    /// - Throws: HDF5Error for another shape, and (on all ranks) for a full disk.
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

    /// Where in the file the space ends that the elements have got, as far as it is known: 0 for compressed ones.
    ///
    /// C: H5Dget_offset, H5Dget_chunk_info_by_coord
    func endOfSpace(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> Int {
        guard elementCount > 0, layout.compression == nil else { return 0 }
        var address = Library.exclusively { H5Dget_offset(id) }
        var size = hsize_t(elementCount * storedType.size)
        if let chunkShape = layout.chunkShape {
            // Chunks get their places in order.
            let last = zip(shape, chunkShape).map { hsize_t(($0 - 1) / $1 * $1) }
            try check("H5Dget_chunk_info_by_coord", attempt()) {
                H5Dget_chunk_info_by_coord(id, last, nil, &address, &size)
            }
        }
        // HADDR_UNDEF, all bits set, for what has no place.
        return address == .max ? 0 : Int(address) + Int(size)
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
    /// Makes a dataset of numbers in the machine's byte order. Collective in a parallel file.
    ///
    /// Its space on the disk is claimed at once, unless it is compressed, and not filled: elements never written are
    /// undefined.
    /// - Parameters:
    ///   - relative: the name, or a path from this file or group.
    ///   - type: the Swift type of the elements.
    ///   - shape: the extent along each axis, slowest first; `[]` for a scalar.
    ///   - layout: how the elements lie in the file.
    ///   - maximumShape: how far a chunked dataset can be extended, nil along an axis for as far as one likes; by
    ///     default not at all.
    /// - Throws: HDF5Error, e.g. for a negative extent, a name that is taken, or (on all ranks) a full disk.
    ///
    /// C: H5Dcreate2, with H5Pset_alloc_time(H5D_ALLOC_TIME_EARLY) and H5Pset_fill_time(H5D_FILL_TIME_NEVER)
    public func createDataset<T: HDF5Scalar>(
        _ relative: String, of type: T.Type, shape: [Int], layout: HDF5Layout = .contiguous, maximumShape: [Int?]? = nil
    ) throws(HDF5Error) -> HDF5Dataset {
        try makeDataset(
            relative, elementSize: MemoryLayout<T>.size, shape: shape, layout: layout, maximumShape: maximumShape
        ) { () throws(HDF5Error) in try Handle.memoryType(T.hdf5Type, "create dataset \(relative) in \(filePath)") }
    }

    /// Makes a dataset of elements of any type.
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
    /// - Throws: HDF5Error, e.g. if there is none of that name.
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
