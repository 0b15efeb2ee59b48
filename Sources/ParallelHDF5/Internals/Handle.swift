internal import CHDF5

/// The unique owner of an HDF5 identifier, with the function that closes it.
struct Handle: ~Copyable {
    typealias Close = @convention(c) (hid_t) -> herr_t

    /// The treatment of an identifier whose owner is dropped without having closed it.
    enum WhenDropped {
        case close
        /// HDF5 closes it in MPI_Finalize, where all ranks meet.
        case leave
        /// HDF5 closes it in MPI_Finalize, but nothing more is written to the file.
        case divert
    }

    let id: hid_t
    private let function: StaticString
    private let close: Close
    private let whenDropped: WhenDropped

    /// Takes ownership of the identifier that an HDF5 function returns.
    ///
    /// - Parameters:
    ///   - closedBy: The C function that closes the identifier, and its name.
    ///   - whenDropped: The treatment of the identifier in `deinit`.
    init(
        _ function: StaticString, _ attempt: @autoclosure () -> String,
        closedBy close: @escaping Close, named closingFunction: StaticString,
        whenDropped: WhenDropped = .close, _ body: () -> hid_t
    ) throws(HDF5Error) {
        id = try check(function, attempt(), body)
        self.close = close
        self.function = closingFunction
        self.whenDropped = whenDropped
    }

    /// Closes the identifier and throws if that fails. The identifier is invalid in either case.
    consuming func release(_ attempt: @autoclosure () -> String) throws(HDF5Error) {
        let (id, close, function) = (id, close, function)
        discard self
        try check(function, attempt()) { close(id) }
    }

    deinit {
        switch whenDropped {
        case .close: _ = Library.exclusively { close(id) }
        case .leave: break
        case .divert: _ = divert(id, isParallel: true)
        }
    }
}

extension Handle {
    /// Returns a new property list of a class such as `CHDF5_H5P_FILE_ACCESS()`.
    static func propertyList(_ makeClass: () -> hid_t) throws(HDF5Error) -> Handle {
        try Handle("H5Pcreate", "make a property list", closedBy: H5Pclose, named: "H5Pclose") {
            H5Pcreate(makeClass())
        }
    }

    /// Returns a new simple dataspace, or a scalar one if the shape is empty.
    ///
    /// - Parameter maximum: The extent to which each axis can grow, nil for an axis without a limit; nil for a space
    ///   that cannot grow.
    static func dataspace(
        _ shape: [Int], maximum: [Int?]? = nil, _ attempt: @autoclosure () -> String
    ) throws(HDF5Error) -> Handle {
        try Handle("H5Screate_simple", attempt(), closedBy: H5Sclose, named: "H5Sclose") {
            if shape.isEmpty { return H5Screate(H5S_SCALAR) }
            let maximum = maximum?.map { $0.map { hsize_t($0) } ?? CHDF5_H5S_UNLIMITED() }
            return H5Screate_simple(CInt(shape.count), shape.map { hsize_t($0) }, maximum)
        }
    }

    /// Returns the extent of a dataspace along each axis; `[0]` for a null dataspace.
    func extent(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> [Int] { try extents(attempt()).shape }

    /// Whether this is a null dataspace.
    var isNull: Bool { Library.exclusively { H5Sget_simple_extent_type(id) } == H5S_NULL }

    /// Returns the extent of a dataspace along each axis, and the extent to which it can grow: nil for an axis without
    /// a limit.
    func extents(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> (shape: [Int], maximum: [Int?]) {
        if isNull { return ([0], [0]) }
        let rank = try check("H5Sget_simple_extent_ndims", attempt()) { H5Sget_simple_extent_ndims(id) }
        var extent = [hsize_t](repeating: 0, count: Int(rank))
        var maximum = extent
        try check("H5Sget_simple_extent_dims", attempt()) { H5Sget_simple_extent_dims(id, &extent, &maximum) }
        let unlimited = CHDF5_H5S_UNLIMITED()
        return (extent.map { Int($0) }, maximum.map { $0 == unlimited ? nil : Int($0) })
    }

    /// Selects only `region`. A rank with an empty selection still takes part in transfers.
    func select(_ region: Hyperslab, _ attempt: @autoclosure () -> String) throws(HDF5Error) {
        if region.isEmpty {
            try check("H5Sselect_none", attempt()) { H5Sselect_none(id) }
        } else if !region.count.isEmpty {
            try check("H5Sselect_hyperslab", attempt()) {
                H5Sselect_hyperslab(
                    id, H5S_SELECT_SET, region.start.map { hsize_t($0) }, region.step.map { hsize_t($0) },
                    region.count.map { hsize_t($0) }, nil)
            }
        }
    }

    /// Selects only `points`, in their order.
    func select(points: [[Int]], _ attempt: @autoclosure () -> String) throws(HDF5Error) {
        if points.isEmpty {
            try check("H5Sselect_none", attempt()) { H5Sselect_none(id) }
        } else if !points[0].isEmpty {
            let coordinates = points.flatMap { $0.map { hsize_t($0) } }
            try check("H5Sselect_elements", attempt()) {
                H5Sselect_elements(id, H5S_SELECT_SET, points.count, coordinates)
            }
        }
    }
}
