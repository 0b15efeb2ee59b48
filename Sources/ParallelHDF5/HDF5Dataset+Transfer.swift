internal import CHDF5

/// Whether the ranks of a parallel file move data together or each for itself. A serial file ignores it.
public enum HDF5Transfer: Sendable {
    /// All ranks of the file's communicator make the call; MPI-IO merges their parts into few large accesses.
    case collective
    /// Only those ranks that have something to move make the call.
    case independent
}

// MARK: - Buffers that are exactly the selection

extension HDF5Dataset {
    /// Writes the elements of `source`, in row-major order, to a part of the dataset.
    ///
    /// - Parameters:
    ///   - source: as many elements as `region` has; may be empty.
    ///   - region: indices into the dataset; everything by default.
    ///   - transfer: whether all ranks move their parts together.
    /// - Throws: HDF5Error for another element type, another number of elements, a region outside the dataset (all
    ///   before HDF5 is called), and for what fails on the way to the disk.
    ///
    /// C: H5Dwrite
    public func write<T: HDF5Scalar>(
        _ source: Span<T>, to region: Hyperslab? = nil, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        let region = region ?? Hyperslab(all: shape)
        let memoryShape = region.memoryShape(count: source.count)
        try write(
            source, memoryShape: memoryShape, memory: Hyperslab(all: memoryShape), to: region, transfer: transfer)
    }

    /// Writes the elements of an array, in row-major order, to a part of the dataset.
    ///
    /// C: H5Dwrite
    public func write<T: HDF5Scalar>(
        _ source: [T], to region: Hyperslab? = nil, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        // Not `source.span`: see CONTRIBUTING.md, "Things that surprise".
        try source.withUnsafeBufferPointer { (buffer) throws(HDF5Error) in
            try write(buffer.span, to: region, transfer: transfer)
        }
    }

    /// Reads a part of the dataset into `destination`, in row-major order.
    ///
    /// - Parameters:
    ///   - destination: as many elements as `region` has; may be empty.
    ///   - region: indices into the dataset; everything by default.
    ///   - transfer: whether all ranks move their parts together.
    /// - Throws: HDF5Error for another element type, another number of elements, a region outside the dataset (all
    ///   before HDF5 is called), and for what cannot be read.
    ///
    /// C: H5Dread
    public func read<T: HDF5Scalar>(
        into destination: inout MutableSpan<T>, from region: Hyperslab? = nil, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        let region = region ?? Hyperslab(all: shape)
        let memoryShape = region.memoryShape(count: destination.count)
        try read(
            into: &destination, memoryShape: memoryShape, memory: Hyperslab(all: memoryShape), from: region,
            transfer: transfer)
    }

    /// Reads a part of the dataset into an array, in row-major order; see
    /// ``read(into:from:transfer:)-(MutableSpan<T>,_,_)``.
    ///
    /// C: H5Dread
    public func read<T: HDF5Scalar>(
        into destination: inout [T], from region: Hyperslab? = nil, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        var span = destination.mutableSpan
        try read(into: &span, from: region, transfer: transfer)
    }

    /// Reads a part of the dataset, or all of it, as a new array in row-major order.
    ///
    /// C: H5Dread
    public func read<T: HDF5Scalar>(
        _ type: T.Type = T.self, from region: Hyperslab? = nil, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) -> [T] {
        let region = region ?? Hyperslab(all: shape)
        try region.validate(inside: shape, calling: "the dataset", "read \(name)")
        var result = [T](repeating: T(), count: region.elementCount)
        var span = result.mutableSpan
        try read(into: &span, from: region, transfer: transfer)
        return result
    }
}

// MARK: - Buffers that are larger than the selection

extension HDF5Dataset {
    /// Writes a rectangle of a larger array in memory, such as the interior of a padded field, without packing it.
    ///
    /// - Parameters:
    ///   - source: the whole array in memory, row-major, with the shape `memoryShape`. Elements outside `memory` are
    ///     not read.
    ///   - memoryShape: the extent of that array along each axis.
    ///   - memory: the part of it to write.
    ///   - region: where in the dataset it goes: as many elements, in the same row-major order.
    ///   - transfer: whether all ranks move their parts together.
    ///
    /// C: H5Dwrite, H5Sselect_hyperslab
    public func write<T: HDF5Scalar>(
        _ source: Span<T>, memoryShape: [Int], memory: Hyperslab, to region: Hyperslab,
        transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        let attempt = "write \(name)"
        let plan = try prepare(
            attempt, T.hdf5Type, bufferCount: source.count, memoryShape, memory, .slab(region), transfer)
        try prepareToWrite(plan, transfer, attempt)
        let type = try Handle.memoryType(T.hdf5Type, attempt)
        if elementCount == 0 { return }  // HDF5 1.10 fails, having no place in the file.
        try source.withUnsafeBufferPointer { buffer throws(HDF5Error) in
            _ = try check("H5Dwrite", attempt) {
                H5Dwrite(id, type.id, plan.memory.id, plan.file.id, transferList.id, buffer.baseAddress)
            }
        }
    }

    /// Writes a rectangle of a larger array; see ``write(_:memoryShape:memory:to:transfer:)-(Span<T>,_,_,_,_)``.
    ///
    /// C: H5Dwrite, H5Sselect_hyperslab
    public func write<T: HDF5Scalar>(
        _ source: [T], memoryShape: [Int], memory: Hyperslab, to region: Hyperslab, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        // Not `source.span`: see CONTRIBUTING.md, "Things that surprise".
        try source.withUnsafeBufferPointer { (buffer) throws(HDF5Error) in
            try write(buffer.span, memoryShape: memoryShape, memory: memory, to: region, transfer: transfer)
        }
    }

    /// Reads into a rectangle of a larger array in memory, such as the interior of a padded field.
    ///
    /// - Parameters:
    ///   - destination: the whole array in memory, row-major, with the shape `memoryShape`. Elements outside `memory`
    ///     keep their values.
    ///   - memoryShape: the extent of that array along each axis.
    ///   - memory: the part of it to fill.
    ///   - region: which part of the dataset: as many elements, in the same row-major order.
    ///   - transfer: whether all ranks move their parts together.
    ///
    /// C: H5Dread, H5Sselect_hyperslab
    public func read<T: HDF5Scalar>(
        into destination: inout MutableSpan<T>, memoryShape: [Int], memory: Hyperslab, from region: Hyperslab,
        transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        let attempt = "read \(name)"
        let plan = try prepare(
            attempt, T.hdf5Type, bufferCount: destination.count, memoryShape, memory, .slab(region), transfer)
        let type = try Handle.memoryType(T.hdf5Type, attempt)
        if elementCount == 0 { return }
        try destination.withUnsafeMutableBufferPointer { buffer throws(HDF5Error) in
            _ = try check("H5Dread", attempt) {
                H5Dread(id, type.id, plan.memory.id, plan.file.id, transferList.id, buffer.baseAddress)
            }
        }
    }
}

extension HDF5Dataset {
    /// Reads into a rectangle of a larger array; see
    /// ``read(into:memoryShape:memory:from:transfer:)-(MutableSpan<T>,_,_,_,_)``.
    ///
    /// C: H5Dread, H5Sselect_hyperslab
    public func read<T: HDF5Scalar>(
        into destination: inout [T], memoryShape: [Int], memory: Hyperslab, from region: Hyperslab,
        transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        var span = destination.mutableSpan
        try read(into: &span, memoryShape: memoryShape, memory: memory, from: region, transfer: transfer)
    }
}

// MARK: - Other types than the dataset's

extension HDF5Dataset {
    /// Reads numbers as floating-point numbers of another type, to which each is rounded.
    ///
    /// ```swift
    /// let density = try field.read(Float.self, converting: Double.self)
    /// ```
    ///
    /// - Parameters:
    ///   - type: the Swift type of the result.
    ///   - stored: the type of the dataset's elements.
    ///   - region: indices into the dataset; everything by default.
    ///   - transfer: whether all ranks move their parts together.
    /// - Throws: HDF5Error as for a read without conversion, also where the elements are not of type `stored`.
    ///
    /// C: H5Dread
    @inlinable
    public func read<T: HDF5Scalar & BinaryFloatingPoint, Stored: HDF5Scalar & BinaryFloatingPoint>(
        _ type: T.Type, converting stored: Stored.Type, from region: Hyperslab? = nil,
        transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) -> [T] {
        try read(Stored.self, from: region, transfer: transfer).map { T($0) }
    }

    /// Reads integers as floating-point numbers, to which each is rounded.
    ///
    /// C: H5Dread
    @inlinable
    public func read<T: HDF5Scalar & BinaryFloatingPoint, Stored: HDF5Scalar & FixedWidthInteger>(
        _ type: T.Type, converting stored: Stored.Type, from region: Hyperslab? = nil,
        transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) -> [T] {
        try read(Stored.self, from: region, transfer: transfer).map { T($0) }
    }

    /// Reads integers as those of another type.
    ///
    /// - Throws: HDF5Error also where the other type does not have an integer.
    ///
    /// C: H5Dread
    @inlinable
    public func read<T: HDF5Scalar & FixedWidthInteger, Stored: HDF5Scalar & FixedWidthInteger>(
        _ type: T.Type, converting stored: Stored.Type, from region: Hyperslab? = nil,
        transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) -> [T] {
        try read(Stored.self, from: region, transfer: transfer).map { number throws(HDF5Error) in
            guard let converted = T(exactly: number) else { throw notConvertible("\(number)", to: "\(T.self)") }
            return converted
        }
    }

    @usableFromInline
    func notConvertible(_ number: String, to type: String) -> HDF5Error {
        HDF5Error("read \(name)", refusedBecause: "its element \(number) is not a number of type \(type)")
    }
}

// MARK: - Single elements

extension HDF5Dataset {
    /// Writes single elements, wherever they lie.
    ///
    /// - Parameters:
    ///   - source: as many elements as there are points; may be empty.
    ///   - points: the indices of each, one for each axis. Where two are the same, either value may be the one that
    ///     stays.
    ///   - transfer: whether all ranks move their parts together.
    /// - Throws: HDF5Error as for a region.
    ///
    /// C: H5Sselect_elements, H5Dwrite
    public func write<T: HDF5Scalar>(
        _ source: [T], at points: [[Int]], transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        let attempt = "write \(name)"
        let plan = try prepare(
            attempt, T.hdf5Type, bufferCount: source.count, [source.count], Hyperslab(0..<source.count),
            .points(points),
            transfer)
        try prepareToWrite(plan, transfer, attempt)
        let type = try Handle.memoryType(T.hdf5Type, attempt)
        if elementCount == 0 { return }
        try check("H5Dwrite", attempt) {
            H5Dwrite(id, type.id, plan.memory.id, plan.file.id, transferList.id, source)
        }
    }

    /// Reads single elements, wherever they lie.
    ///
    /// - Parameters:
    ///   - type: the Swift type of the elements.
    ///   - points: the indices of each, one for each axis.
    ///   - transfer: whether all ranks move their parts together.
    /// - Returns: the elements in the order of the points.
    ///
    /// C: H5Sselect_elements, H5Dread
    public func read<T: HDF5Scalar>(
        _ type: T.Type = T.self, at points: [[Int]], transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) -> [T] {
        let attempt = "read \(name)"
        var result = [T](repeating: T(), count: points.count)
        let plan = try prepare(
            attempt, T.hdf5Type, bufferCount: points.count, [points.count], Hyperslab(0..<points.count),
            .points(points),
            transfer)
        let type = try Handle.memoryType(T.hdf5Type, attempt)
        if elementCount == 0 { return result }
        try check("H5Dread", attempt) {
            H5Dread(id, type.id, plan.memory.id, plan.file.id, transferList.id, &result)
        }
        return result
    }
}

// MARK: - Checks and selections

/// What of a dataset takes part in a transfer.
enum FileSelection {
    case slab(Hyperslab)
    case points([[Int]])

    var elementCount: Int {
        switch self {
        case .slab(let region): region.elementCount
        case .points(let points): points.count
        }
    }
}

/// The selections on both sides of a transfer.
struct TransferPlan: ~Copyable {
    let memory: Handle
    let file: Handle
    /// How much is moved.
    let byteCount: Int
}

extension HDF5Dataset {
    private func prepare(
        _ attempt: String, _ type: HDF5ElementType, bufferCount: Int, _ memoryShape: [Int], _ memory: Hyperslab,
        _ selection: FileSelection, _ transfer: HDF5Transfer
    ) throws(HDF5Error) -> TransferPlan {
        // HDF5 would convert, with loss if need be, and no longer collectively.
        guard storedType.elementType == type, storedType.size != 2 || type != .float32 else {
            throw HDF5Error(attempt, refusedBecause: "its elements are of type \(storedType), not \(type)")
        }
        let fits = memoryShape.reduce(1) { $0.multipliedClamped(by: $1) } <= bufferCount
        guard fits, memoryShape.allSatisfy({ $0 >= 0 }) else {
            throw HDF5Error(
                attempt, refusedBecause: "the buffer has \(bufferCount) elements, too few for the shape \(memoryShape)")
        }
        return try plan(attempt, memoryShape, memory, selection, transfer)
    }

    /// Refuses what HDF5 cannot do with compressed chunks, and makes sure that there is space for them.
    func prepareToWrite(
        _ plan: borrowing TransferPlan, _ transfer: HDF5Transfer, _ attempt: @autoclosure () -> String
    ) throws(HDF5Error) {
        guard layout.compression != nil else { return }
        if isParallel, transfer == .independent {
            throw HDF5Error(
                attempt(), refusedBecause: "it is compressed, and compressed chunks can only be written collectively")
        }
        try requireSpace(plan.byteCount, attempt())
    }

    /// Checks both selections and turns them into dataspaces.
    func plan(
        _ attempt: String, _ memoryShape: [Int], _ memory: Hyperslab, _ selection: FileSelection,
        _ transfer: HDF5Transfer
    ) throws(HDF5Error) -> TransferPlan {
        switch selection {
        case .slab(let region): try region.validate(inside: shape, calling: "the dataset", attempt)
        case .points(let points): try validate(points, attempt)
        }
        try memory.validate(inside: memoryShape, calling: "the buffer", attempt)
        let count = selection.elementCount
        guard memory.elementCount == count else {
            let place =
                if case .slab(let region) = selection { "\(region), which has \(count)" } else { "\(count) points" }
            throw HDF5Error(attempt, refusedBecause: "\(memory.elementCount) elements in memory do not fit \(place)")
        }
        let memorySpace = try Handle.dataspace(memoryShape, attempt)
        try memorySpace.select(memory, attempt)
        let fileSpace = try fileSpace(attempt)
        switch selection {
        case .slab(let region): try fileSpace.select(region, attempt)
        case .points(let points): try fileSpace.select(points: points, attempt)
        }
        if isParallel {
            try check("H5Pset_dxpl_mpio", attempt) {
                H5Pset_dxpl_mpio(
                    transferList.id, transfer == .collective ? H5FD_MPIO_COLLECTIVE : H5FD_MPIO_INDEPENDENT)
            }
        }
        return TransferPlan(memory: memorySpace, file: fileSpace, byteCount: count * storedType.size)
    }

    private func validate(_ points: [[Int]], _ attempt: @autoclosure () -> String) throws(HDF5Error) {
        for point in points {
            guard point.count == shape.count, zip(point, shape).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
                throw HDF5Error(
                    attempt(), refusedBecause: "the point \(point) is not inside the dataset, whose shape is \(shape)")
            }
        }
    }
}

extension Int {
    /// The product, or the largest number where it exceeds that.
    package func multipliedClamped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
