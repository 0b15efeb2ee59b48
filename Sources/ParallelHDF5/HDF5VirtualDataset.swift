internal import CHDF5

/// A part of a virtual dataset, which shows elements of another dataset in the same file or in another one.
public struct HDF5VirtualSource: Sendable, Hashable {
    /// The path of the source file. A relative path starts at the folder of the virtual dataset's own file.
    public var filePath: String
    /// The path of the source dataset inside the file.
    public var path: String
    /// The shape of the source dataset.
    public var shape: [Int]
    /// The part of the source dataset to show.
    public var region: Hyperslab
    /// The part of the virtual dataset in which to show it. It has as many elements as `region`; elements correspond in
    /// row-major order.
    public var target: Hyperslab

    public init(filePath: String, path: String, shape: [Int], region: Hyperslab, target: Hyperslab) {
        self.filePath = filePath
        self.path = path
        self.shape = shape
        self.region = region
        self.target = target
    }
}

extension HDF5Container where Self: ~Copyable {
    /// Creates a dataset that stores nothing and shows elements of other datasets.
    ///
    /// Elements that no source covers, and those of missing sources, read as zero.
    /// - Throws: ``HDF5Error`` in a parallel file, if a region is not inside its dataset, and as for other datasets.
    ///
    /// C: H5Pset_virtual, H5Dcreate2
    public func createVirtualDataset<T: HDF5Scalar>(
        _ relative: String, of type: T.Type, shape: [Int], from sources: [HDF5VirtualSource]
    ) throws(HDF5Error) -> HDF5Dataset {
        let path = childPath(relative)
        let attempt = "create dataset \(path) in \(filePath)"
        guard !isParallel else {
            throw HDF5Error(attempt, refusedBecause: "HDF5 makes virtual datasets in serial files only")
        }
        let creation = try Handle.propertyList(CHDF5_H5P_DATASET_CREATE)
        for source in sources {
            try source.target.validate(inside: shape, calling: "the dataset", attempt)
            try source.region.validate(inside: source.shape, calling: "the source", attempt)
            guard source.target.elementCount == source.region.elementCount else {
                throw HDF5Error(attempt, refusedBecause: "\(source.region) does not fit \(source.target)")
            }
            let sourceSpace = try Handle.dataspace(source.shape, attempt)
            try sourceSpace.select(source.region, attempt)
            let targetSpace = try Handle.dataspace(shape, attempt)
            try targetSpace.select(source.target, attempt)
            try check("H5Pset_virtual", attempt) {
                H5Pset_virtual(
                    creation.id, targetSpace.id, source.filePath.literalInPattern, source.path.literalInPattern,
                    sourceSpace.id)
            }
        }
        let type = try Handle.memoryType(T.hdf5Type, attempt)
        let space = try Handle.dataspace(shape, attempt)
        let handle = try Handle("H5Dcreate2", attempt, closedBy: H5Dclose, named: "H5Dclose") {
            H5Dcreate2(id, path, type.id, space.id, CHDF5_H5P_DEFAULT(), creation.id, CHDF5_H5P_DEFAULT())
        }
        return try HDF5Dataset(handle: handle, filePath: filePath, path: path, communicator: nil)
    }
}

extension String {
    /// The name escaped for HDF5, which replaces `%b` in source names with the number of a block and `%%` with a
    /// percent sign.
    fileprivate var literalInPattern: String { replacing("%", with: "%%") }
}
