internal import CHDF5

// Elements of any type, as bytes or converted: what a program needs that does not know its file.

extension HDF5Dataset {
    /// Reads part of the dataset, each element as the file stores it, into memory.
    ///
    /// - Parameter destination: `storedType.size` bytes for each element of `region`.
    /// - Throws: HDF5Error also for elements that only point at their values.
    ///
    /// C: H5Dread
    package func readBytes(
        into destination: UnsafeMutableRawBufferPointer, from region: Hyperslab
    ) throws(HDF5Error) {
        let attempt = "read \(name)"
        guard !storedType.isIndirect else {
            throw HDF5Error(attempt, refusedBecause: "elements of type \(storedType) are stored elsewhere")
        }
        let count = region.elementCount
        guard destination.count == count * storedType.size else {
            throw HDF5Error(
                attempt, refusedBecause: "\(destination.count) bytes are not \(count) of \(storedType.size) bytes each")
        }
        let memoryShape = region.memoryShape(count: count)
        let plan = try plan(attempt, memoryShape, Hyperslab(all: memoryShape), .slab(region), .collective)
        let type = try fileType(attempt)
        try check("H5Dread", attempt) {
            H5Dread(id, type.id, plan.memory.id, plan.file.id, transferList.id, destination.baseAddress)
        }
    }

    /// Reads part of a numeric dataset, converted to another type in memory where that holds every value.
    ///
    /// C: H5Dread
    package func readConverted<T: HDF5Scalar>(
        into destination: UnsafeMutableBufferPointer<T>, from region: Hyperslab
    ) throws(HDF5Error) {
        let attempt = "read \(name)"
        guard let stored = storedType.elementType, stored.fits(in: T.hdf5Type) else {
            throw HDF5Error(attempt, refusedBecause: "its elements are of type \(storedType), not \(T.hdf5Type)")
        }
        let count = region.elementCount
        guard destination.count == count else {
            throw HDF5Error(attempt, refusedBecause: "the buffer has \(destination.count) elements, not \(count)")
        }
        let memoryShape = region.memoryShape(count: count)
        let plan = try plan(attempt, memoryShape, Hyperslab(all: memoryShape), .slab(region), .collective)
        let type = try Handle.memoryType(T.hdf5Type, attempt)
        try check("H5Dread", attempt) {
            H5Dread(id, type.id, plan.memory.id, plan.file.id, transferList.id, destination.baseAddress)
        }
    }
}
