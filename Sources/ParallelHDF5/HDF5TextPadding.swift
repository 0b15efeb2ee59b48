internal import CHDF5

/// What stands behind a text in a field of fixed length.
package enum HDF5TextPadding: Hashable, Sendable {
    /// A zero, then anything.
    case terminated
    /// Zeros up to the end of the field. Any before them are part of the text.
    case zeros
    /// Spaces up to the end of the field.
    case spaces

    /// The text of a field.
    package func text<Field: BidirectionalCollection<UInt8>>(of field: Field) -> Field.SubSequence {
        switch self {
        case .terminated: field.prefix { $0 != 0 }
        case .zeros: field.trimmed(of: 0)
        case .spaces: field.trimmed(of: UInt8(ascii: " "))
        }
    }

    /// To be called while the library is held.
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
    /// All but the bytes of one value at the end.
    fileprivate func trimmed(of padding: UInt8) -> SubSequence {
        self[..<(lastIndex { $0 != padding }.map { index(after: $0) } ?? startIndex)]
    }
}
