import ParallelHDF5
import SystemSupport

/// A vector of numbers in an HDF5 file, unpacked by the rules for netCDF variables. Additional axes must have length 1.
struct SampleVector: ~Copyable {
    /// The number of elements.
    let count: Int
    private let variable: HDF5PackedVariable
    /// The axis along which the elements lie.
    private let axis: Int

    /// - Parameter isNetCDF: Whether elements that were never written hold netCDF's default fill values.
    /// - Throws: ``UserError`` of status 65 if the dataset is not a vector of numbers or its packing attributes are not
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

    /// Returns a range of elements; missing elements are NaN.
    ///
    /// - Throws: ``UserError`` of status 74 if the elements cannot be read.
    func values(in range: Range<Int>) throws -> [Double] {
        var region = Hyperslab(all: variable.dataset.shape)
        (region.start[axis], region.count[axis]) = (range.lowerBound, range.count)
        return try withStatus(ExitStatus.ioError) { try variable.values(in: region) }
    }
}
