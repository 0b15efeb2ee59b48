internal import CHDF5

/// How the last transfer of a parallel dataset was done in fact.
public enum HDF5ActualTransfer: Sendable, Hashable {
    /// The ranks' parts were merged by MPI-IO.
    case collective
    /// Each rank moved its own part.
    case independent
    /// Some chunks one way, some the other.
    case mixed
}

extension HDF5Dataset {
    /// How the last ``write(_:to:transfer:)`` or ``read(_:from:transfer:)`` was done in fact.
    ///
    /// HDF5 falls back to independent transfers silently, e.g. where types must be converted.
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
}
