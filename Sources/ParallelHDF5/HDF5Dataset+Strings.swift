internal import CHDF5

// Strings as elements. They are written with a fixed length, which collective transfers support. Strings of variable
// length, from files of other programs, can only be read.

extension HDF5Container where Self: ~Copyable {
    /// Creates a dataset of strings of the same fixed length, stored as UTF-8. Collective in a parallel file.
    ///
    /// - Parameters:
    ///   - relative: The name, or a path relative to this file or group.
    ///   - length: The length of the longest string, in bytes of UTF-8; at least 1.
    ///   - shape: The extent along each axis, slowest axis first; `[]` for a scalar.
    ///   - layout: How the elements are stored in the file.
    ///   - maximumShape: The extent to which a chunked dataset can grow along each axis, as for numbers.
    /// - Throws: ``HDF5Error`` as for numbers, and for a length below 1.
    ///
    /// C: H5Tset_size, H5Tset_cset, H5Dcreate2
    public func createDataset(
        _ relative: String, ofStringsOfLength length: Int, shape: [Int], layout: HDF5Layout = .contiguous,
        maximumShape: [Int?]? = nil
    ) throws(HDF5Error) -> HDF5Dataset {
        let attempt = "create dataset \(childPath(relative)) in \(filePath)"
        guard length >= 1 else {
            throw HDF5Error(attempt, refusedBecause: "strings of \(length) bytes cannot be stored")
        }
        return try makeDataset(
            relative, elementSize: length, shape: shape, layout: layout, maximumShape: maximumShape
        ) { () throws(HDF5Error) in try Handle.stringType(length: length, attempt) }
    }
}

extension HDF5Dataset {
    /// Writes strings, in row-major order, to part or all of a dataset of fixed-length strings.
    ///
    /// - Parameters:
    ///   - strings: The strings to write, as many as `region` selects.
    ///   - region: The part of the dataset to write to; by default the whole dataset.
    ///   - transfer: Whether all ranks transfer their parts together.
    /// - Throws: ``HDF5Error`` for a string that is too long or contains a zero byte (checked before HDF5 is called),
    ///   and as for numbers.
    ///
    /// C: H5Dwrite
    public func write(
        _ strings: [String], to region: Hyperslab? = nil, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        let attempt = "write \(name)"
        guard storedType.kind == .string else {
            throw HDF5Error(
                attempt, refusedBecause: "its elements are of type \(storedType), not strings of fixed length")
        }
        for string in strings where string.utf8.count > storedType.size || string.utf8.contains(0) {
            throw HDF5Error(
                attempt,
                refusedBecause: string.utf8.contains(0)
                    ? "a string with a zero in it would be cut short"
                    : "'\(string)' has \(string.utf8.count) bytes, an element \(storedType.size)")
        }
        let plan = try plan(
            attempt, [strings.count], Hyperslab(0..<strings.count), .slab(region ?? Hyperslab(all: shape)), transfer)
        try prepareToWrite(plan, transfer, attempt)
        let type = try fileType(attempt)
        let bytes = strings.padded(to: storedType.size)
        if elementCount == 0 { return }
        try check("H5Dwrite", attempt) {
            H5Dwrite(id, type.id, plan.memory.id, plan.file.id, transferList.id, bytes)
        }
    }

    /// Reads part or all of a dataset of strings, of fixed or variable length.
    ///
    /// - Parameters:
    ///   - region: The part of the dataset to read; by default the whole dataset.
    ///   - transfer: Whether all ranks transfer their parts together.
    ///
    /// C: H5Dread, H5Treclaim
    public func readStrings(
        from region: Hyperslab? = nil, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) -> [String] {
        let attempt = "read \(name)"
        let region = region ?? Hyperslab(all: shape)
        guard storedType.kind == .string || storedType.kind == .variableLengthString else {
            throw HDF5Error(attempt, refusedBecause: "its elements are of type \(storedType), not strings")
        }
        try region.validate(inside: shape, calling: "the dataset", attempt)
        let count = region.elementCount
        let plan = try plan(attempt, [count], Hyperslab(all: [count]), .slab(region), transfer)
        let type = try fileType(attempt)
        if storedType.kind == .variableLengthString {
            return try variableLengthStrings(count, type, plan.memory, "H5Dread", attempt) {
                H5Dread(id, type.id, plan.memory.id, plan.file.id, transferList.id, $0)
            }
        }
        var bytes = [UInt8](repeating: 0, count: count * storedType.size)
        if elementCount == 0 { return [] }
        try check("H5Dread", attempt) {
            H5Dread(id, type.id, plan.memory.id, plan.file.id, transferList.id, &bytes)
        }
        return fixedLengthStrings(bytes, type)
    }
}

extension [String] {
    /// Returns the strings one after the other in UTF-8, each padded with zeros to `length` bytes.
    func padded(to length: Int) -> [UInt8] {
        flatMap { Array<UInt8>($0.utf8) + Array<UInt8>(repeating: 0, count: length - $0.utf8.count) }
    }
}
