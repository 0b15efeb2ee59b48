import ParallelHDF5
import SystemSupport

/// A vector of numbers in an HDF5 file, unpacked as netCDF variables are. It may have more axes, with one index each.
struct SampleVector: ~Copyable {
    /// How many elements there are.
    let count: Int
    private let variable: HDF5PackedVariable
    /// The axis along which they lie.
    private let axis: Int

    /// - Parameter isNetCDF: Whether elements that were never written have netCDF's default fill values.
    /// - Throws: ``UserError`` of status 65 for what is not a vector of numbers, and for attributes that are not
    ///   numbers.
    init(_ dataset: consuming HDF5Dataset, isNetCDF: Bool) throws {
        let (name, shape, type) = (dataset.name, dataset.shape, dataset.storedType)
        guard !shape.isEmpty, shape.count(where: { $0 != 1 }) <= 1 else {
            throw UserError("\(name) has the shape \(shape), expected a vector", exitStatus: ExitStatus.data)
        }
        guard type.kind == .integer || type.kind == .float, type.elementType != .uint64 else {
            throw UserError(
                "\(name) holds elements of type \(type), not numbers that can be summed", exitStatus: ExitStatus.data)
        }
        let count = dataset.elementCount
        variable = try Self.unpacked(dataset, isNetCDF: isNetCDF)
        axis = shape.firstIndex { $0 != 1 } ?? 0
        self.count = count
    }

    private static func unpacked(_ dataset: consuming HDF5Dataset, isNetCDF: Bool) throws -> HDF5PackedVariable {
        do {
            return try HDF5PackedVariable(dataset, isNetCDF: isNetCDF)
        } catch {
            throw UserError("\(error)", exitStatus: ExitStatus.data)
        }
    }

    /// Some elements; missing ones are NaN.
    ///
    /// - Throws: ``UserError`` of status 74 if they cannot be read.
    func values(in range: Range<Int>) throws -> [Double] {
        var region = Hyperslab(all: variable.dataset.shape)
        (region.start[axis], region.count[axis]) = (range.lowerBound, range.count)
        return try withStatus(ExitStatus.ioError) { try variable.values(in: region) }
    }
}
