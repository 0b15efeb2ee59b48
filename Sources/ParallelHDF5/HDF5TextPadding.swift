internal import CHDF5

/// The padding after a string of fixed length.
package enum HDF5TextPadding: Hashable, Sendable {
    /// A zero, followed by unspecified bytes.
    case terminated
    /// Zeros up to the end of the field. Zeros before them are part of the string.
    case zeros
    /// Spaces up to the end of the field.
    case spaces

    /// Returns the string in a field, without its padding.
    package func text<Field: BidirectionalCollection<UInt8>>(of field: Field) -> Field.SubSequence {
        switch self {
        case .terminated: field.prefix { $0 != 0 }
        case .zeros: field.trimmed(of: 0)
        case .spaces: field.trimmed(of: UInt8(ascii: " "))
        }
    }

    /// Creates the padding of a string type. The caller must hold the lock of ``Library``.
    ///
    /// C: H5Tget_strpad
    init(_ type: hid_t) {
        self =
            switch H5Tget_strpad(type) {
            case H5T_STR_SPACEPAD: .spaces
            case H5T_STR_NULLPAD: .zeros
            default: .terminated
            }
    }
}

extension BidirectionalCollection<UInt8> {
    /// Returns the bytes without the trailing bytes equal to `padding`.
    fileprivate func trimmed(of padding: UInt8) -> SubSequence {
        self[..<(lastIndex { $0 != padding }.map { index(after: $0) } ?? startIndex)]
    }
}
