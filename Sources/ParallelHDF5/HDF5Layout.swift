internal import CHDF5

/// The storage layout of a dataset in the file.
///
/// The *contiguous* layout is the fastest for datasets of fixed shape. A *chunked* dataset can grow, be compressed, and
/// be read efficiently in parts of a different shape than it was written in.
public struct HDF5Layout: Sendable, Hashable {
    /// The extent of a chunk along each axis; nil for a contiguous layout.
    public var chunkShape: [Int]?
    /// The compression of the chunks; nil if they are not compressed.
    public var compression: HDF5Compression?

    /// All elements in one block, in row-major order.
    public static let contiguous = HDF5Layout(chunkShape: nil, compression: nil)

    /// Chunks of equal shape, each stored as one block.
    ///
    /// - Parameters:
    ///   - shape: The extent of a chunk along each axis: at least 1, and at most the dataset's along axes that cannot
    ///     grow. A chunk must be smaller than 4 GiB.
    ///   - compression: How chunks are compressed; nil to store them uncompressed.
    public static func chunked(_ shape: [Int], compression: HDF5Compression? = nil) -> HDF5Layout {
        HDF5Layout(chunkShape: shape, compression: compression)
    }
}

/// Lossless compression by the deflate algorithm, which every HDF5 reader supports.
///
/// In a parallel file, compressed datasets can only be written collectively: one rank collects and compresses each
/// chunk that several ranks write a part of.
public struct HDF5Compression: Sendable, Hashable {
    /// The compression level, from 0 (none) to 9 (smallest and slowest).
    public var level: Int
    /// Whether the bytes of a chunk are reordered before compression: the first bytes of all elements, then the second
    /// bytes, and so on. Numbers of similar size then compress better.
    public var shuffles: Bool

    public init(level: Int = 4, shuffles: Bool = true) {
        self.level = level
        self.shuffles = shuffles
    }

    /// Deflate with shuffled bytes.
    ///
    /// - Parameter level: The compression level, from 0 to 9.
    public static func deflate(_ level: Int = 4) -> HDF5Compression { HDF5Compression(level: level) }
}

extension HDF5Layout {
    /// Throws if a dataset of this shape cannot have this layout.
    func validate(
        _ shape: [Int], _ maximum: [Int?]?, elementSize: Int, _ attempt: @autoclosure () -> String
    ) throws(HDF5Error) {
        func refuse(_ cause: String) throws(HDF5Error) -> Never { throw HDF5Error(attempt(), refusedBecause: cause) }
        if let maximum {
            guard maximum.count == shape.count else {
                try refuse("the maximum shape has \(maximum.count) axes, the shape \(shape) has \(shape.count)")
            }
            for (extent, most) in zip(shape, maximum) {
                if let most, most < extent { try refuse("the maximum shape is smaller than the shape \(shape)") }
            }
        }
        guard let chunkShape else {
            if compression != nil { try refuse("only a chunked dataset can be compressed") }
            if let maximum, maximum != shape { try refuse("only a chunked dataset can be extended") }
            return
        }
        guard chunkShape.count == shape.count, !shape.isEmpty else {
            try refuse(
                "the chunk shape \(chunkShape) has \(chunkShape.count) axes, the shape \(shape) has \(shape.count)")
        }
        guard chunkShape.allSatisfy({ $0 >= 1 }) else {
            try refuse("the chunk shape \(chunkShape) has an extent below 1")
        }
        for axis in shape.indices {
            if let most = maximum?[axis] ?? (maximum == nil ? shape[axis] : nil), chunkShape[axis] > max(1, most) {
                try refuse("the chunk shape \(chunkShape) is larger than the dataset can be, \(maximum ?? shape)")
            }
        }
        guard let bytes = chunkShape.byteCount(elementSize: elementSize), bytes < 1 << 32 else {
            try refuse("a chunk of shape \(chunkShape) is 4 GiB or larger")
        }
        if let compression, !(0...9).contains(compression.level) {
            try refuse("deflate has no level \(compression.level), only 0 to 9")
        }
    }

    /// Returns the dataset creation property list.
    ///
    /// Space is allocated when a dataset is created, so that a full disk is detected then. Compressed chunks are an
    /// exception, because their size is not known in advance.
    ///
    /// C: H5Pset_layout, H5Pset_chunk, H5Pset_shuffle, H5Pset_deflate, H5Pset_alloc_time, H5Pset_fill_time
    func creationList(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        let list = try Handle.propertyList(CHDF5_H5P_DATASET_CREATE)
        let order = CHDF5_H5P_CRT_ORDER_TRACKED() | CHDF5_H5P_CRT_ORDER_INDEXED()
        try check("H5Pset_attr_creation_order", attempt()) { H5Pset_attr_creation_order(list.id, order) }
        if let chunkShape {
            try check("H5Pset_chunk", attempt()) {
                H5Pset_chunk(list.id, CInt(chunkShape.count), chunkShape.map { hsize_t($0) })
            }
        } else {
            try check("H5Pset_layout", attempt()) { H5Pset_layout(list.id, H5D_CONTIGUOUS) }
        }
        if let compression {
            if compression.shuffles { try check("H5Pset_shuffle", attempt()) { H5Pset_shuffle(list.id) } }
            try check("H5Pset_deflate", attempt()) { H5Pset_deflate(list.id, CUnsignedInt(compression.level)) }
        }
        let claims = compression == nil ? H5D_ALLOC_TIME_EARLY : H5D_ALLOC_TIME_INCR
        try check("H5Pset_alloc_time", attempt()) { H5Pset_alloc_time(list.id, claims) }
        try check("H5Pset_fill_time", attempt()) { H5Pset_fill_time(list.id, H5D_FILL_TIME_NEVER) }
        return list
    }

    /// Creates the layout of an open dataset.
    ///
    /// C: H5Dget_create_plist, H5Pget_layout, H5Pget_chunk, H5Pget_filter_by_id2
    init(of dataset: hid_t, axes: Int, _ attempt: @autoclosure () -> String) throws(HDF5Error) {
        self = .contiguous
        let list = try Handle("H5Dget_create_plist", attempt(), closedBy: H5Pclose, named: "H5Pclose") {
            H5Dget_create_plist(dataset)
        }
        guard Library.exclusively({ H5Pget_layout(list.id) }) == H5D_CHUNKED else { return }
        var chunk = [hsize_t](repeating: 0, count: axes)
        try check("H5Pget_chunk", attempt()) { H5Pget_chunk(list.id, CInt(axes), &chunk) }
        chunkShape = chunk.map { Int($0) }
        let filters = try check("H5Pget_nfilters", attempt()) { H5Pget_nfilters(list.id) }
        if filters == 0 { return }
        // With any filter the number of stored bytes is not known in advance. The level is that of deflate; 0 for other
        // filters.
        var level: CUnsignedInt = 0
        var count = 1
        compression = HDF5Compression(level: 0, shuffles: false)
        for index in 0..<CUnsignedInt(filters) {
            count = 1
            let filter = Library.exclusively {
                H5Pget_filter2(list.id, index, nil, &count, &level, 0, nil, nil)
            }
            if filter == H5Z_FILTER_DEFLATE { compression?.level = Int(level) }
            if filter == H5Z_FILTER_SHUFFLE { compression?.shuffles = true }
        }
    }
}

extension [Int] {
    /// Returns the size of an array of this shape in bytes; nil if it exceeds `Int.max`.
    func byteCount(elementSize: Int) -> Int? {
        var bytes = elementSize
        for extent in self where extent > 0 {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            bytes = product
        }
        return contains(0) ? 0 : bytes
    }
}
