internal import CHDF5

// Dimension scales, HDF5's and netCDF-4's way to say which dataset holds the coordinates along an axis.
//
// For a file to be readable as netCDF-4, every axis of every dataset needs a scale: a one-dimensional dataset made one
// by makeDimensionScale (it gets the dimension's name) and attached to the axis. All of it is collective in a parallel
// file.

extension HDF5Dataset {
    /// Makes this one-dimensional dataset the scale of a dimension.
    ///
    /// - Parameter dimension: the dimension's name, by default the dataset's own.
    ///
    /// C: H5DSset_scale
    public func makeDimensionScale(_ dimension: String? = nil) throws(HDF5Error) {
        let attempt = "make \(name) a dimension scale"
        guard shape.count == 1 else { throw HDF5Error(attempt, refusedBecause: "it has \(shape.count) axes, not one") }
        let dimension = dimension ?? path.split(separator: "/").last.map(String.init) ?? path
        try check("H5DSset_scale", attempt) { H5DSset_scale(id, dimension) }
    }

    /// Says that `scale` holds the coordinates along an axis.
    ///
    /// - Parameters:
    ///   - scale: a dimension scale of the same file.
    ///   - axis: the axis of this dataset, from 0.
    /// - Throws: HDF5Error for an axis there is not, a scale of another length, or one that is no dimension scale.
    ///
    /// C: H5DSattach_scale
    public func attachScale(_ scale: borrowing HDF5Dataset, toAxis axis: Int) throws(HDF5Error) {
        let attempt = "attach \(scale.path) to axis \(axis) of \(name)"
        guard shape.indices.contains(axis) else {
            throw HDF5Error(attempt, refusedBecause: "its axes are \(shape.indices)")
        }
        guard try scale.isDimensionScale() else {
            throw HDF5Error(attempt, refusedBecause: "\(scale.path) is not a dimension scale")
        }
        guard scale.shape == [shape[axis]] else {
            throw HDF5Error(
                attempt, refusedBecause: "the axis has \(shape[axis]) elements, \(scale.path) \(scale.elementCount)")
        }
        let scaleID = scale.id
        try check("H5DSattach_scale", attempt) { H5DSattach_scale(id, scaleID, CUnsignedInt(axis)) }
    }

    /// Whether this dataset is the scale of a dimension.
    ///
    /// C: H5DSis_scale
    public func isDimensionScale() throws(HDF5Error) -> Bool {
        try check("H5DSis_scale", "look at \(name)") { H5DSis_scale(id) } > 0
    }

    /// The paths of the scales attached to an axis.
    ///
    /// C: H5DSiterate_scales, H5Iget_name
    public func scales(ofAxis axis: Int) throws(HDF5Error) -> [String] {
        let attempt = "list the scales of axis \(axis) of \(name)"
        guard shape.indices.contains(axis) else {
            throw HDF5Error(attempt, refusedBecause: "its axes are \(shape.indices)")
        }
        var paths: [String] = []
        try check("H5DSiterate_scales", attempt) {
            withUnsafeMutablePointer(to: &paths) { paths in
                H5DSiterate_scales(
                    id, CUnsignedInt(axis), nil,
                    { _, _, scale, paths in
                        var path = [CChar](repeating: 0, count: max(0, H5Iget_name(scale, nil, 0)) + 1)
                        H5Iget_name(scale, &path, path.count)
                        paths?.assumingMemoryBound(to: [String].self).pointee.append(
                            String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
                        return 0
                    }, paths)
            }
        }
        return paths
    }
}
