internal import CHDF5

/// An attribute opened for reading.
struct OpenAttribute: ~Copyable {
    private let handle: Handle
    private let type: Handle
    private let space: Handle
    let shape: [Int]
    let storedType: HDF5StoredType
    let attempt: String

    private var count: Int { shape.reduce(1, *) }

    init(of object: hid_t, _ name: String, _ attempt: String) throws(HDF5Error) {
        let handle = try Handle("H5Aopen", attempt, closedBy: H5Aclose, named: "H5Aclose") {
            H5Aopen(object, name, CHDF5_H5P_DEFAULT())
        }
        let id = handle.id
        let type = try Handle("H5Aget_type", attempt, closedBy: H5Tclose, named: "H5Tclose") { H5Aget_type(id) }
        let space = try Handle("H5Aget_space", attempt, closedBy: H5Sclose, named: "H5Sclose") { H5Aget_space(id) }
        let shape = try space.extent(attempt)
        storedType = HDF5StoredType(type)
        self.handle = handle
        self.type = type
        self.space = space
        self.shape = shape
        self.attempt = attempt
    }

    /// Returns the values, which HDF5 converts to `T`.
    func numbers<T: HDF5Scalar>(_: T.Type) throws(HDF5Error) -> [T] {
        var values = [T](repeating: T(), count: count)
        let memoryType = try Handle.memoryType(T.hdf5Type, attempt)
        try check("H5Aread", attempt) { H5Aread(handle.id, memoryType.id, &values) }
        return values
    }

    /// Returns the values if they are strings, of fixed or variable length; nil otherwise.
    func strings() throws(HDF5Error) -> [String]? {
        switch storedType.kind {
        case .string:
            var bytes = [UInt8](repeating: 0, count: count * storedType.size)
            try check("H5Aread", attempt) { H5Aread(handle.id, type.id, &bytes) }
            return fixedLengthStrings(bytes, type)
        case .variableLengthString:
            return try variableLengthStrings(count, type, space, "H5Aread", attempt) { H5Aread(handle.id, type.id, $0) }
        default:
            return nil
        }
    }

    /// Returns the value as text for people, with lists in brackets.
    func text() throws(HDF5Error) -> String {
        let parts: [String]
        if let strings = try strings() {
            parts = strings
        } else {
            switch storedType.elementType {
            case .float32: parts = try numbers(Float.self).map { "\($0)" }
            case .float64: parts = try numbers(Double.self).map { "\($0)" }
            case .bool: parts = try numbers(Bool.self).map { "\($0)" }
            case .complex64, .complex128: return "<\(storedType)>"
            case .uint64: parts = try numbers(UInt64.self).map { "\($0)" }
            case .some: parts = try numbers(Int64.self).map { "\($0)" }
            case nil: return "<\(storedType)>"
            }
        }
        return shape.isEmpty && parts.count == 1 ? parts[0] : "[" + parts.joined(separator: ", ") + "]"
    }
}

/// Returns the strings in fields of fixed length, without their padding.
///
/// C: H5Tget_size, H5Tget_strpad
func fixedLengthStrings(_ fields: [UInt8], _ type: borrowing Handle) -> [String] {
    let id = type.id
    let (size, padding) = Library.exclusively { (H5Tget_size(id), HDF5TextPadding(id)) }
    return stride(from: 0, to: fields.count, by: size).map {
        String(decoding: padding.text(of: fields[$0..<($0 + size)]), as: UTF8.self)
    }
}

/// Reads strings of variable length, which HDF5 allocates one by one, and frees their memory.
func variableLengthStrings(
    _ count: Int, _ type: borrowing Handle, _ space: borrowing Handle, _ function: StaticString, _ attempt: String,
    read: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> herr_t
) throws(HDF5Error) -> [String] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: max(1, count))
    try check(function, attempt) { read(&pointers) }
    let strings = pointers.prefix(count).map { $0.map { String(cString: $0) } ?? "" }
    try check("H5Treclaim", attempt) { CHDF5_H5Treclaim(type.id, space.id, &pointers) }
    return strings
}

extension HDF5ElementType {
    /// Returns whether `other` can represent every number of this type.
    func fits(in other: HDF5ElementType) -> Bool {
        switch (bits, other.bits) {
        case (.signed(let a), .signed(let b)), (.unsigned(let a), .unsigned(let b)), (.float(let a), .float(let b)):
            a <= b
        case (.complex(let a), .complex(let b)): a <= b
        case (.bool, .bool): true
        case (.unsigned(let a), .signed(let b)): a < b
        default: false
        }
    }

    private enum Bits { case signed(Int), unsigned(Int), float(Int), complex(Int), bool }

    private var bits: Bits {
        switch self {
        case .int8: .signed(8)
        case .int16: .signed(16)
        case .int32: .signed(32)
        case .int64: .signed(64)
        case .uint8: .unsigned(8)
        case .uint16: .unsigned(16)
        case .uint32: .unsigned(32)
        case .uint64: .unsigned(64)
        case .float32: .float(32)
        case .float64: .float(64)
        case .bool: .bool
        case .complex64: .complex(32)
        case .complex128: .complex(64)
        }
    }
}
