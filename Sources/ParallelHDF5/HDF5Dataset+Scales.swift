internal import CHDF5

// Dimension scales: datasets that hold the coordinates along an axis, in HDF5 and netCDF-4.
//
// For a file to be readable as netCDF-4, every axis of every dataset needs a scale: a one-dimensional dataset that
// `makeDimensionScale` turns into a scale with the dimension's name, and that is attached to the axis. All calls are
// collective in a parallel file.

extension HDF5Dataset {
    /// Turns this one-dimensional dataset into the scale of a dimension.
    ///
    /// - Parameter dimension: The name of the dimension; by default the name of the dataset.
    ///
    /// C: H5DSset_scale
    public func makeDimensionScale(_ dimension: String? = nil) throws(HDF5Error) {
        let attempt = "make \(name) a dimension scale"
        guard shape.count == 1 else { throw HDF5Error(attempt, refusedBecause: "it has \(shape.count) axes, not one") }
        let dimension = dimension ?? path.split(separator: "/").last.map(String.init) ?? path
        try check("H5DSset_scale", attempt) { H5DSset_scale(id, dimension) }
    }

    /// Attaches a dimension scale, which holds the coordinates along an axis, to that axis.
    ///
    /// - Parameters:
    ///   - scale: A dimension scale of the same file.
    ///   - axis: The axis of this dataset, counted from 0.
    /// - Throws: ``HDF5Error`` if there is no such axis, or if `scale` is not a dimension scale or has a different
    ///   length.
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

    /// Returns whether this dataset is the scale of a dimension.
    ///
    /// C: H5DSis_scale
    public func isDimensionScale() throws(HDF5Error) -> Bool {
        try check("H5DSis_scale", "look at \(name)") { H5DSis_scale(id) } > 0
    }

    /// Returns the paths of the scales attached to an axis.
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
