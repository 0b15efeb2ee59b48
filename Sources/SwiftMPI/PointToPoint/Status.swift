public import CMPI

/// Where a message came from and how long it was.
///
/// MPI: `MPI_Status`, MPI-3.1 §3.2.5.
public struct Status {
    @usableFromInline var raw: MPI_Status

    /// To be filled in by a call.
    @inlinable
    public init() { raw = MPI_Status() }

    init(_ raw: MPI_Status) { self.raw = raw }

    /// The rank that sent the message.
    @inlinable public var source: Int { Int(raw.MPI_SOURCE) }
    /// The tag it was sent with.
    @inlinable public var tag: Int { Int(raw.MPI_TAG) }

    /// Whether the communication was given up by ``Request/cancel()`` instead of carried out; false outside
    /// ``MPI/run(threads:_:)``.
    ///
    /// MPI: `MPI_Test_cancelled`, MPI-3.1 §3.8.4.
    public var isCancelled: Bool {
        var status = raw
        var isCancelled: CInt = 0
        return MPI.isRunning && MPI_Test_cancelled(&status, &isCancelled) == MPI_SUCCESS && isCancelled != 0
    }

    /// How many elements of a type the message had; `nil` if it was no whole number of them, and outside
    /// ``MPI/run(threads:_:)``.
    ///
    /// MPI: `MPI_Get_elements_x`, MPI-3.1 §4.1.11.
    public func count<T: MPIDatatype>(of type: T.Type) -> Int? { count(of: T.mpiDatatype) }

    func count(of datatype: MPI_Datatype) -> Int? {
        // Asked in bytes: a message above 2³¹−1 elements is one element of a derived datatype, and a plain count
        // would not fit an `int`.
        var status = raw
        var bytes: MPI_Count = 0
        guard MPI.isRunning, MPI_Get_elements_x(&status, CMPI_BYTE(), &bytes) == MPI_SUCCESS, bytes >= 0 else {
            return nil
        }
        let (count, rest) = Int(bytes).quotientAndRemainder(dividingBy: max(1, byteCount(of: datatype)))
        return rest == 0 ? count : nil
    }
}

extension Status: CustomStringConvertible {
    public var description: String {
        let length = count(of: CMPI_BYTE()).map { "\($0) bytes" } ?? "unknown length"
        return "\(length) from rank \(source) with tag \(tag)"
    }
}
