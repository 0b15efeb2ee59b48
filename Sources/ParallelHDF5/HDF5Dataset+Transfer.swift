internal import CHDF5

/// The way in which the ranks of a parallel file transfer data: together or separately. Serial files ignore it.
public enum HDF5Transfer: Sendable {
    /// All ranks of the file's communicator make the call. MPI-IO merges their parts into a few large accesses.
    case collective
    /// Only the ranks that have data to transfer make the call.
    case independent
}

// MARK: - Buffers that match the selection

extension HDF5Dataset {
    /// Writes the elements of `source`, in row-major order, to part or all of the dataset.
    ///
    /// - Parameters:
    ///   - source: The elements to write, as many as `region` selects. May be empty.
    ///   - region: The part of the dataset to write to; by default the whole dataset.
    ///   - transfer: Whether all ranks transfer their parts together.
    /// - Throws: ``HDF5Error`` if the element type is not the dataset's, the number of elements is not the region's, or
    ///   the region is not inside the dataset (all checked before HDF5 is called), and if writing fails.
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

    /// Writes the elements of an array, in row-major order, to part or all of the dataset.
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

    /// Reads part or all of the dataset into `destination`, in row-major order.
    ///
    /// - Parameters:
    ///   - destination: The elements to fill, as many as `region` selects. May be empty.
    ///   - region: The part of the dataset to read; by default the whole dataset.
    ///   - transfer: Whether all ranks transfer their parts together.
    /// - Throws: ``HDF5Error`` if the element type is not the dataset's, the number of elements is not the region's, or
    ///   the region is not inside the dataset (all checked before HDF5 is called), and if reading fails.
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

    /// Reads part or all of the dataset into an array, in row-major order. See
    /// ``read(into:from:transfer:)-(MutableSpan<T>,_,_)``.
    ///
    /// C: H5Dread
    public func read<T: HDF5Scalar>(
        into destination: inout [T], from region: Hyperslab? = nil, transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) {
        var span = destination.mutableSpan
        try read(into: &span, from: region, transfer: transfer)
    }

    /// Reads part or all of the dataset and returns it as a new array in row-major order.
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
    /// Writes a rectangular part of a larger array in memory, such as the interior of a field with a halo, without
    /// packing it.
    ///
    /// - Parameters:
    ///   - source: The whole array in memory, in row-major order, with the shape `memoryShape`. Elements outside
    ///     `memory` are not read.
    ///   - memoryShape: The extent of the array along each axis.
    ///   - memory: The part of the array to write.
    ///   - region: The part of the dataset to write to. It has as many elements as `memory`; elements correspond in
    ///     row-major order.
    ///   - transfer: Whether all ranks transfer their parts together.
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
        if elementCount == 0 { return }  // HDF5 1.10 would fail: the dataset has no address.
        try source.withUnsafeBufferPointer { buffer throws(HDF5Error) in
            _ = try check("H5Dwrite", attempt) {
                H5Dwrite(id, type.id, plan.memory.id, plan.file.id, transferList.id, buffer.baseAddress)
            }
        }
    }

    /// Writes a rectangular part of a larger array. See ``write(_:memoryShape:memory:to:transfer:)-(Span<T>,_,_,_,_)``.
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

    /// Reads into a rectangular part of a larger array in memory, such as the interior of a field with a halo.
    ///
    /// - Parameters:
    ///   - destination: The whole array in memory, in row-major order, with the shape `memoryShape`. Elements outside
    ///     `memory` keep their values.
    ///   - memoryShape: The extent of the array along each axis.
    ///   - memory: The part of the array to fill.
    ///   - region: The part of the dataset to read. It has as many elements as `memory`; elements correspond in
    ///     row-major order.
    ///   - transfer: Whether all ranks transfer their parts together.
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
    /// Reads into a rectangular part of a larger array. See
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

// MARK: - Type conversion

extension HDF5Dataset {
    /// Reads floating-point numbers and rounds them to another floating-point type.
    ///
    /// ```swift
    /// let density = try field.read(Float.self, converting: Double.self)
    /// ```
    ///
    /// - Parameters:
    ///   - type: The Swift type of the result.
    ///   - stored: The type of the dataset's elements.
    ///   - region: The part of the dataset to read; by default the whole dataset.
    ///   - transfer: Whether all ranks transfer their parts together.
    /// - Throws: ``HDF5Error`` if the elements are not of type `stored`, and as for a read without conversion.
    ///
    /// C: H5Dread
    @inlinable
    public func read<T: HDF5Scalar & BinaryFloatingPoint, Stored: HDF5Scalar & BinaryFloatingPoint>(
        _ type: T.Type, converting stored: Stored.Type, from region: Hyperslab? = nil,
        transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) -> [T] {
        try read(Stored.self, from: region, transfer: transfer).map { T($0) }
    }

    /// Reads integers and rounds them to a floating-point type.
    ///
    /// C: H5Dread
    @inlinable
    public func read<T: HDF5Scalar & BinaryFloatingPoint, Stored: HDF5Scalar & FixedWidthInteger>(
        _ type: T.Type, converting stored: Stored.Type, from region: Hyperslab? = nil,
        transfer: HDF5Transfer = .collective
    ) throws(HDF5Error) -> [T] {
        try read(Stored.self, from: region, transfer: transfer).map { T($0) }
    }

    /// Reads integers and converts them to another integer type.
    ///
    /// - Throws: ``HDF5Error`` if the other type cannot represent one of the integers, and as for a read without
    ///   conversion.
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
    /// Writes single elements at arbitrary indices.
    ///
    /// - Parameters:
    ///   - source: The elements to write, as many as there are points. May be empty.
    ///   - points: For each element, one index along each axis. If a point occurs twice, either value may be the one
    ///     that remains.
    ///   - transfer: Whether all ranks transfer their parts together.
    /// - Throws: ``HDF5Error`` as for a region.
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

    /// Reads single elements at arbitrary indices.
    ///
    /// - Parameters:
    ///   - type: The Swift type of the elements.
    ///   - points: For each element, one index along each axis.
    ///   - transfer: Whether all ranks transfer their parts together.
    /// - Returns: The elements in the order of the points.
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

/// The part of a dataset that a transfer reads or writes.
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
    /// The number of bytes transferred.
    let byteCount: Int
}

extension HDF5Dataset {
    private func prepare(
        _ attempt: String, _ type: HDF5ElementType, bufferCount: Int, _ memoryShape: [Int], _ memory: Hyperslab,
        _ selection: FileSelection, _ transfer: HDF5Transfer
    ) throws(HDF5Error) -> TransferPlan {
        // HDF5 would convert the elements, possibly with loss, and the transfer would no longer be collective.
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

    /// Throws if HDF5 does not support this transfer for compressed chunks, or if there is not enough disk space for
    /// them.
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
    /// Returns the product, or `Int.max` if it overflows.
    package func multipliedClamped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
