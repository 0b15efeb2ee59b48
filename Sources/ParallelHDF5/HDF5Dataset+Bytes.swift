internal import CHDF5

// Elements of any type, as bytes or as text: what a program needs that does not know its file.

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
        let plan = try plan(attempt, [count], Hyperslab(all: [count]), region, .collective)
        let type = try fileType()
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
        let plan = try plan(attempt, [count], Hyperslab(all: [count]), region, .collective)
        try check("H5Dread", attempt) {
            H5Dread(id, T.hdf5Type.native, plan.memory.id, plan.file.id, transferList.id, destination.baseAddress)
        }
    }

    /// Reads part of a dataset of variable-length strings.
    ///
    /// C: H5Dread, H5Treclaim
    package func readStrings(from region: Hyperslab) throws(HDF5Error) -> [String] {
        let attempt = "read \(name)"
        guard storedType.kind == .variableLengthString else {
            throw HDF5Error(attempt, refusedBecause: "its elements are \(storedType), not strings of any length")
        }
        let count = region.elementCount
        let plan = try plan(attempt, [count], Hyperslab(all: [count]), region, .collective)
        let type = try fileType()
        return try variableLengthStrings(count, type, plan.memory, "H5Dread", attempt) {
            H5Dread(id, type.id, plan.memory.id, plan.file.id, transferList.id, $0)
        }
    }
}
