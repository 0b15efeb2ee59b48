internal import CHDF5

/// The way in which HDF5 actually carried out the last transfer of a parallel dataset.
public enum HDF5ActualTransfer: Sendable, Hashable {
    /// MPI-IO merged the ranks' parts.
    case collective
    /// Each rank transferred its own part.
    case independent
    /// Some chunks were transferred collectively and some independently.
    case mixed
}

/// The reasons why a transfer was not collective.
///
/// C: H5D_mpio_no_collective_cause_t
public struct HDF5IndependentCauses: OptionSet, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// An independent transfer was requested.
    public static let independentRequested = Self(H5D_MPIO_SET_INDEPENDENT)
    /// Elements had to be converted from one type to another.
    public static let typeConversion = Self(H5D_MPIO_DATATYPE_CONVERSION)
    /// The transfer has a data transform.
    public static let dataTransforms = Self(H5D_MPIO_DATA_TRANSFORMS)
    /// The environment variable `HDF5_MPI_OPT_TYPES` disables MPI derived types.
    public static let typesDisabled = Self(H5D_MPIO_MPI_OPT_TYPES_ENV_VAR_DISABLED)
    /// A dataspace is neither simple nor scalar.
    public static let notSimple = Self(H5D_MPIO_NOT_SIMPLE_OR_SCALAR_DATASPACES)
    /// The layout is neither contiguous nor chunked.
    public static let otherLayout = Self(H5D_MPIO_NOT_CONTIGUOUS_OR_CHUNKED_DATASET)

    private init(_ cause: H5D_mpio_no_collective_cause_t) { self.init(rawValue: UInt32(cause.rawValue)) }

    /// The causes as text.
    public var description: String {
        let words: [(Self, String)] = [
            (.independentRequested, "an independent transfer was asked for"),
            (.typeConversion, "elements had to be converted"), (.dataTransforms, "elements had to be transformed"),
            (.typesDisabled, "HDF5_MPI_OPT_TYPES forbids it"), (.notSimple, "a dataspace is not simple"),
            (.otherLayout, "the layout is neither contiguous nor chunked"),
        ]
        return words.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
}

extension HDF5Dataset {
    /// Returns how HDF5 actually carried out the last transfer.
    ///
    /// HDF5 silently falls back to independent transfers, for example if elements must be converted.
    ///
    /// C: H5Pget_mpio_actual_io_mode
    public func lastTransfer() throws(HDF5Error) -> HDF5ActualTransfer {
        var mode = H5D_MPIO_NO_COLLECTIVE
        try check("H5Pget_mpio_actual_io_mode", "ask how \(name) was transferred") {
            H5Pget_mpio_actual_io_mode(transferList.id, &mode)
        }
        return switch mode {
        case H5D_MPIO_CHUNK_COLLECTIVE, H5D_MPIO_CONTIGUOUS_COLLECTIVE: .collective
        case H5D_MPIO_CHUNK_MIXED: .mixed
        default: .independent
        }
    }

    /// Returns the reasons why the last transfer was not collective on this rank (`here`) and on any rank (`anywhere`).
    /// Both are empty if it was collective.
    ///
    /// C: H5Pget_mpio_no_collective_cause
    public func whyIndependent() throws(HDF5Error) -> (here: HDF5IndependentCauses, anywhere: HDF5IndependentCauses) {
        var (here, anywhere): (UInt32, UInt32) = (0, 0)
        try check("H5Pget_mpio_no_collective_cause", "ask how \(name) was transferred") {
            H5Pget_mpio_no_collective_cause(transferList.id, &here, &anywhere)
        }
        return (HDF5IndependentCauses(rawValue: here), HDF5IndependentCauses(rawValue: anywhere))
    }
}
