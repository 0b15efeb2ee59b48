import ParallelHDF5

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The memory each of the two buffers may take.
private let blockBytes = 8 << 20

/// Compares all elements of two datasets of the same shape and type, a block at a time.
///
/// - Returns: nil for elements that only point at their values, text excepted.
func compareElements(
    _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset, _ tolerance: Double?
) throws(HDF5Error) -> ElementDifferences? {
    // 16-bit floats are read as Float, which holds each of them exactly.
    switch a.storedType.elementType {
    case .int8: return try compareNumbers(Int8.self, a, b, tolerance)
    case .int16: return try compareNumbers(Int16.self, a, b, tolerance)
    case .int32: return try compareNumbers(Int32.self, a, b, tolerance)
    case .int64: return try compareNumbers(Int64.self, a, b, tolerance)
    case .uint8: return try compareNumbers(UInt8.self, a, b, tolerance)
    case .uint16: return try compareNumbers(UInt16.self, a, b, tolerance)
    case .uint32: return try compareNumbers(UInt32.self, a, b, tolerance)
    case .uint64: return try compareNumbers(UInt64.self, a, b, tolerance)
    case .float32: return try compareNumbers(Float.self, a, b, tolerance)
    case .float64: return try compareNumbers(Double.self, a, b, tolerance)
    case .bool, .complex64, .complex128, nil: break
    }
    if a.storedType.kind == .variableLengthString { return try compareStrings(a, b) }
    if a.storedType.isIndirect { return nil }
    return try compareBytes(a, b)
}

private func compareNumbers<T: Comparand>(
    _: T.Type, _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset, _ tolerance: Double?
) throws(HDF5Error) -> ElementDifferences {
    let limit = blockBytes / MemoryLayout<T>.size
    let bufferA = UnsafeMutableBufferPointer<T>.allocate(capacity: min(limit, max(1, a.elementCount)))
    let bufferB = UnsafeMutableBufferPointer<T>.allocate(capacity: bufferA.count)
    defer {
        bufferA.deallocate()
        bufferB.deallocate()
    }
    var differences = ElementDifferences(shape: a.shape)
    for (first, region) in Blocks(of: a.shape, limit: limit) {
        let count = region.elementCount
        try a.readConverted(into: UnsafeMutableBufferPointer(rebasing: bufferA[..<count]), from: region)
        try b.readConverted(into: UnsafeMutableBufferPointer(rebasing: bufferB[..<count]), from: region)
        differences.count += count
        if memcmp(bufferA.baseAddress!, bufferB.baseAddress!, count * MemoryLayout<T>.size) == 0 { continue }
        for index in 0..<count {
            bufferA[index].note(bufferB[index], first + index, tolerance, in: &differences)
        }
    }
    return differences
}

/// Elements that are not numbers: text of fixed length is shown, of anything else only the bytes.
private func compareBytes(
    _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset
) throws(HDF5Error) -> ElementDifferences {
    let size = max(1, a.storedType.size)
    let limit = max(1, blockBytes / size)
    let capacity = min(limit, max(1, a.elementCount)) * size
    let bufferA = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    let bufferB = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    defer {
        bufferA.deallocate()
        bufferB.deallocate()
    }
    let isText = a.storedType.kind == .string
    var differences = ElementDifferences(shape: a.shape)
    for (first, region) in Blocks(of: a.shape, limit: limit) {
        let count = region.elementCount
        try a.readBytes(into: UnsafeMutableRawBufferPointer(rebasing: bufferA[..<(count * size)]), from: region)
        try b.readBytes(into: UnsafeMutableRawBufferPointer(rebasing: bufferB[..<(count * size)]), from: region)
        differences.count += count
        if memcmp(bufferA.baseAddress!, bufferB.baseAddress!, count * size) == 0 { continue }
        for index in 0..<count {
            let bytesA = bufferA[(index * size)..<((index + 1) * size)]
            let bytesB = bufferB[(index * size)..<((index + 1) * size)]
            if !bytesA.elementsEqual(bytesB) {
                differences.note(
                    first + index, display(bytesA, isText), display(bytesB, isText), isBeyondTolerance: true)
            }
        }
    }
    return differences
}

private func compareStrings(
    _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset
) throws(HDF5Error) -> ElementDifferences {
    var differences = ElementDifferences(shape: a.shape)
    for (first, region) in Blocks(of: a.shape, limit: 1 << 16) {
        let stringsA = try a.readStrings(from: region)
        let stringsB = try b.readStrings(from: region)
        differences.count += stringsA.count
        for (index, (a, b)) in zip(stringsA, stringsB).enumerated() where !a.utf8.elementsEqual(b.utf8) {
            differences.note(first + index, "\"\(a)\"", "\"\(b)\"", isBeyondTolerance: true)
        }
    }
    return differences
}

private func display(_ bytes: some Sequence<UInt8>, _ isText: Bool) -> String {
    if isText { return "\"\(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))\"" }
    return "0x" + bytes.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
