internal import CHDF5

/// The type of a dataset's or attribute's elements as the file stores them.
public struct HDF5StoredType: Sendable, Hashable, CustomStringConvertible {
    /// The kinds of elements in HDF5.
    public enum Kind: String, Sendable {
        case integer, float, string
        /// Strings of any length, each stored separately.
        case variableLengthString = "variable-length string"
        case enumeration, compound, array, opaque, bitfield, reference
        case variableLength = "variable-length sequence"
        case other
    }

    public let kind: Kind
    /// The size of an element in the file in bytes.
    public let size: Int
    public let isSigned: Bool
    public let isBigEndian: Bool
    /// Whether an element only points to its value (variable-length parts and references), so that its bytes are not
    /// the value.
    public let isIndirect: Bool

    /// The Swift type that holds every value of this type exactly; nil if there is none.
    ///
    /// 16-bit floats become `Float`. `Bool` stands for h5py's enumeration of `FALSE` and `TRUE`, and `Complex` for its
    /// compound of `r` and `i`.
    public let elementType: HDF5ElementType?

    /// The type as text, for example `64-bit float`, `unsigned 8-bit integer`, `string of 12 bytes` or
    /// `big-endian 32-bit integer`.
    public var description: String {
        let order = isBigEndian ? "big-endian " : ""
        switch kind {
        case .integer: return "\(order)\(isSigned ? "" : "unsigned ")\(8 * size)-bit integer"
        case .float: return "\(order)\(8 * size)-bit float"
        case .string: return "string of \(size) bytes"
        case .variableLengthString, .variableLength, .reference: return kind.rawValue
        default: return "\(kind.rawValue) of \(size) bytes"
        }
    }
}

extension HDF5StoredType {
    /// Describes an open type.
    ///
    /// C: H5Tget_class, H5Tget_size, H5Tget_sign, H5Tget_order, H5Tdetect_class
    init(_ type: borrowing Handle) {
        let id = type.id
        let (typeClass, size, sign, order, isVariableString, pointsElsewhere) = Library.exclusively {
            (
                H5Tget_class(id), H5Tget_size(id), H5Tget_sign(id), H5Tget_order(id), H5Tis_variable_str(id) > 0,
                H5Tdetect_class(id, H5T_VLEN) > 0 || H5Tdetect_class(id, H5T_REFERENCE) > 0
            )
        }
        kind =
            switch typeClass {
            case H5T_INTEGER: .integer
            case H5T_FLOAT: .float
            case H5T_STRING: isVariableString ? .variableLengthString : .string
            case H5T_ENUM: .enumeration
            case H5T_COMPOUND: .compound
            case H5T_ARRAY: .array
            case H5T_OPAQUE: .opaque
            case H5T_BITFIELD: .bitfield
            case H5T_REFERENCE: .reference
            case H5T_VLEN: .variableLength
            default: .other
            }
        self.size = size
        isSigned = kind == .integer && sign == H5T_SGN_2
        isBigEndian = size > 1 && order == H5T_ORDER_BE
        isIndirect = isVariableString || pointsElsewhere
        elementType =
            switch (kind, size, isSigned) {
            case (.integer, 1, true): .int8
            case (.integer, 2, true): .int16
            case (.integer, 4, true): .int32
            case (.integer, 8, true): .int64
            case (.integer, 1, false): .uint8
            case (.integer, 2, false): .uint16
            case (.integer, 4, false): .uint32
            case (.integer, 8, false): .uint64
            case (.float, 2, _), (.float, 4, _): .float32
            case (.float, 8, _): .float64
            case (.enumeration, 1, _) where Self.members(of: id) == ["FALSE", "TRUE"]: .bool
            case (.compound, 8, _) where Self.isPair(id, of: 4): .complex64
            case (.compound, 16, _) where Self.isPair(id, of: 8): .complex128
            default: nil
            }
    }

    /// C: H5Tget_nmembers, H5Tget_member_name
    private static func members(of type: hid_t) -> [String] {
        Library.exclusively {
            (0..<max(0, H5Tget_nmembers(type))).map { index in
                let name = H5Tget_member_name(type, CUnsignedInt(index))
                defer { H5free_memory(name) }
                return name.map { String(cString: $0) } ?? ""
            }
        }
    }

    /// Whether a compound consists of two floats of `size` bytes named `r` and `i`.
    ///
    /// C: H5Tget_member_type
    private static func isPair(_ type: hid_t, of size: Int) -> Bool {
        guard members(of: type) == ["r", "i"] else { return false }
        return Library.exclusively {
            (0..<CUnsignedInt(2)).allSatisfy { index in
                let member = H5Tget_member_type(type, index)
                defer { H5Tclose(member) }
                return H5Tget_class(member) == H5T_FLOAT && H5Tget_size(member) == size
            }
        }
    }
}

extension HDF5ElementType: CustomStringConvertible {
    /// The name of the Swift type.
    public var description: String {
        switch self {
        case .int8: "Int8"
        case .int16: "Int16"
        case .int32: "Int32"
        case .int64: "Int64"
        case .uint8: "UInt8"
        case .uint16: "UInt16"
        case .uint32: "UInt32"
        case .uint64: "UInt64"
        case .float32: "Float"
        case .float64: "Double"
        case .bool: "Bool"
        case .complex64: "Complex<Float>"
        case .complex128: "Complex<Double>"
        }
    }
}
