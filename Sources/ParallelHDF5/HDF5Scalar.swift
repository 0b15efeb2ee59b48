internal import CHDF5
public import SwiftMPI

/// The element types of datasets and attributes that this library transfers.
public enum HDF5ElementType: Sendable, Hashable, CaseIterable {
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float32, float64
    /// Stored as in h5py: an enumeration of `FALSE` and `TRUE`.
    case bool
    /// Two 32-bit floats, stored as in h5py: a compound of `r` and `i`.
    case complex64
    /// Two 64-bit floats, stored in the same way.
    case complex128
}

/// A Swift type whose values can be elements of datasets and attributes.
///
/// HDF5 reads and writes the memory of such values directly. Do not conform other types: a pointer, for example, is
/// also a few bytes, but has no meaning in a file.
public protocol HDF5Scalar: BitwiseCopyable, Sendable {
    /// The HDF5 type that has the same representation.
    static var hdf5Type: HDF5ElementType { get }
    /// Creates the zero value, with which buffers are filled before they are read into.
    init()
}

extension Int8: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .int8 } }
extension Int16: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .int16 } }
extension Int32: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .int32 } }
extension Int64: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .int64 } }
extension Int: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .int64 } }
extension UInt8: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .uint8 } }
extension UInt16: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .uint16 } }
extension UInt32: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .uint32 } }
extension UInt64: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .uint64 } }
extension UInt: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .uint64 } }
extension Float: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .float32 } }
extension Double: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .float64 } }
extension Bool: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .bool } }
extension Complex: HDF5Scalar where Real: HDF5Scalar {
    public static var hdf5Type: HDF5ElementType { Real.hdf5Type == .float32 ? .complex64 : .complex128 }
    public init() { self.init(0, 0) }
}

extension Handle {
    /// Returns the type of an element in memory, which is also the type of new datasets and attributes.
    ///
    /// C: H5Tcopy; H5Tenum_create, H5Tenum_insert; H5Tcreate, H5Tinsert
    static func memoryType(_ type: HDF5ElementType, _ attempt: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        switch type {
        case .bool:
            let new = try Handle("H5Tenum_create", attempt(), closedBy: H5Tclose, named: "H5Tclose") {
                H5Tenum_create(CHDF5_H5T_NATIVE_INT8())
            }
            for (name, value) in [("FALSE", Int8(0)), ("TRUE", 1)] {
                try check("H5Tenum_insert", attempt()) {
                    withUnsafePointer(to: value) { H5Tenum_insert(new.id, name, $0) }
                }
            }
            return new
        case .complex64, .complex128:
            let part: HDF5ElementType = type == .complex64 ? .float32 : .float64
            let size = part == .float32 ? 4 : 8
            let new = try Handle("H5Tcreate", attempt(), closedBy: H5Tclose, named: "H5Tclose") {
                H5Tcreate(H5T_COMPOUND, 2 * size)
            }
            for (name, offset) in [("r", 0), ("i", size)] {
                try check("H5Tinsert", attempt()) { H5Tinsert(new.id, name, offset, part.native) }
            }
            return new
        default:
            return try Handle("H5Tcopy", attempt(), closedBy: H5Tclose, named: "H5Tclose") { H5Tcopy(type.native) }
        }
    }

    /// Returns a type for strings of a fixed length, in UTF-8 and padded with zeros.
    static func stringType(length: Int, _ attempt: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        let type = try Handle("H5Tcopy", attempt(), closedBy: H5Tclose, named: "H5Tclose") { H5Tcopy(CHDF5_H5T_C_S1()) }
        try check("H5Tset_size", attempt()) { H5Tset_size(type.id, length) }
        try check("H5Tset_strpad", attempt()) { H5Tset_strpad(type.id, H5T_STR_NULLPAD) }
        try check("H5Tset_cset", attempt()) { H5Tset_cset(type.id, H5T_CSET_UTF8) }
        return type
    }
}

extension HDF5ElementType {
    /// HDF5's predefined native type. Its identifier is never closed, and is valid only once the library is set up.
    fileprivate var native: hid_t {
        switch self {
        case .int8: CHDF5_H5T_NATIVE_INT8()
        case .int16: CHDF5_H5T_NATIVE_INT16()
        case .int32: CHDF5_H5T_NATIVE_INT32()
        case .int64: CHDF5_H5T_NATIVE_INT64()
        case .uint8: CHDF5_H5T_NATIVE_UINT8()
        case .uint16: CHDF5_H5T_NATIVE_UINT16()
        case .uint32: CHDF5_H5T_NATIVE_UINT32()
        case .uint64: CHDF5_H5T_NATIVE_UINT64()
        case .float32: CHDF5_H5T_NATIVE_FLOAT()
        case .float64: CHDF5_H5T_NATIVE_DOUBLE()
        case .bool, .complex64, .complex128: preconditionFailure("\(self) is none of HDF5's own types")
        }
    }
}
