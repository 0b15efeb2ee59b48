internal import CHDF5

/// What one element of a dataset or attribute is, among the types this library moves.
public enum HDF5ElementType: Sendable, Hashable, CaseIterable {
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float32, float64
}

/// A Swift type whose values are elements of datasets and attributes.
///
/// Its memory is handed to HDF5 as it is. The list is closed: a pointer, say, is also a few bytes, but not a value that
/// means anything in a file.
public protocol HDF5Scalar: BitwiseCopyable, Sendable {
    /// Which of HDF5's native types has the same representation.
    static var hdf5Type: HDF5ElementType { get }
    /// Zero; what a buffer about to be read into is filled with.
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

extension HDF5ElementType {
    /// HDF5's native type, an identifier that is never closed. Only valid once the library is set up.
    var native: hid_t {
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
        }
    }
}
