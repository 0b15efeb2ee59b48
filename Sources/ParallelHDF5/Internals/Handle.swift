internal import CHDF5

/// An HDF5 identifier with the function that gives it back; the only owner of that identifier.
struct Handle: ~Copyable {
    typealias Close = @convention(c) (hid_t) -> herr_t

    /// What becomes of an identifier whose owner goes without having closed it.
    enum WhenDropped {
        case close
        /// HDF5 closes it in MPI_Finalize, where all ranks meet.
        case leave
        /// The same, but nothing more is written to the file.
        case divert
    }

    let id: hid_t
    private let function: StaticString
    private let close: Close
    private let whenDropped: WhenDropped

    /// Takes over what an HDF5 function made.
    ///
    /// - Parameters:
    ///   - closedBy: the C function that gives the identifier back, and its name.
    ///   - whenDropped: what `deinit` does.
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

    /// Gives the identifier back and says so when that fails; the identifier is gone in either case.
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
    /// A property list of a class, e.g. `CHDF5_H5P_FILE_ACCESS()`.
    static func propertyList(_ makeClass: () -> hid_t) throws(HDF5Error) -> Handle {
        try Handle("H5Pcreate", "make a property list", closedBy: H5Pclose, named: "H5Pclose") {
            H5Pcreate(makeClass())
        }
    }

    /// A simple dataspace; no dimensions make a scalar.
    ///
    /// - Parameter maximum: how far it can grow; nil for an axis without a limit, and for a space that cannot grow.
    static func dataspace(
        _ shape: [Int], maximum: [Int?]? = nil, _ attempt: @autoclosure () -> String
    ) throws(HDF5Error) -> Handle {
        try Handle("H5Screate_simple", attempt(), closedBy: H5Sclose, named: "H5Sclose") {
            if shape.isEmpty { return H5Screate(H5S_SCALAR) }
            let maximum = maximum?.map { $0.map { hsize_t($0) } ?? CHDF5_H5S_UNLIMITED() }
            return H5Screate_simple(CInt(shape.count), shape.map { hsize_t($0) }, maximum)
        }
    }

    /// The extent of a dataspace along each axis; `[0]` for one that has no elements by its nature.
    func extent(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> [Int] { try extents(attempt()).shape }

    /// Whether a dataspace has no elements by its nature.
    var isNull: Bool { Library.exclusively { H5Sget_simple_extent_type(id) } == H5S_NULL }

    /// The extent of a dataspace along each axis, and how far it can grow: nil for an axis without a limit.
    func extents(_ attempt: @autoclosure () -> String) throws(HDF5Error) -> (shape: [Int], maximum: [Int?]) {
        if isNull { return ([0], [0]) }
        let rank = try check("H5Sget_simple_extent_ndims", attempt()) { H5Sget_simple_extent_ndims(id) }
        var extent = [hsize_t](repeating: 0, count: Int(rank))
        var maximum = extent
        try check("H5Sget_simple_extent_dims", attempt()) { H5Sget_simple_extent_dims(id, &extent, &maximum) }
        let unlimited = CHDF5_H5S_UNLIMITED()
        return (extent.map { Int($0) }, maximum.map { $0 == unlimited ? nil : Int($0) })
    }

    /// Leaves only `region` selected; an empty one selects nothing and still takes part.
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

    /// Leaves only `points` selected, in their order.
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
