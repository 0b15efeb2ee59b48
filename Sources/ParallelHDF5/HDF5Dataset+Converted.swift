internal import CHDF5

extension HDF5Dataset {
    /// Reads part of a numeric dataset and converts it in memory to a type that can hold every value exactly.
    ///
    /// - Throws: ``HDF5Error`` if the type cannot hold every value of the dataset's type, or if reading fails.
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
