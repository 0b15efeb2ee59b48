public import CMPI

/// The source, tag and length of a message.
///
/// MPI: `MPI_Status`, MPI-3.1 §3.2.5.
public struct Status {
    @usableFromInline var raw: MPI_Status

    /// Creates an empty status for a call to fill in.
    @inlinable
    public init() { raw = MPI_Status() }

    init(_ raw: MPI_Status) { self.raw = raw }

    /// The rank that sent the message.
    @inlinable public var source: Int { Int(raw.MPI_SOURCE) }
    /// The tag that the message was sent with.
    @inlinable public var tag: Int { Int(raw.MPI_TAG) }

    /// Whether the communication was canceled by ``Request/cancel()`` instead of carried out; false outside
    /// ``MPI/run(threads:_:)``.
    ///
    /// MPI: `MPI_Test_cancelled`, MPI-3.1 §3.8.4.
    public var isCancelled: Bool {
        var status = raw
        var isCancelled: CInt = 0
        return MPI.isRunning && MPI_Test_cancelled(&status, &isCancelled) == MPI_SUCCESS && isCancelled != 0
    }

    /// Returns the number of elements of a type in the message.
    ///
    /// The result is `nil` if the message does not hold a whole number of elements, and outside
    /// ``MPI/run(threads:_:)``.
    ///
    /// MPI: `MPI_Get_elements_x`, MPI-3.1 §4.1.11.
    public func count<T: MPIDatatype>(of type: T.Type) -> Int? { count(of: T.mpiDatatype) }

    func count(of datatype: MPI_Datatype) -> Int? {
        // Query bytes: a message above 2³¹−1 elements is one element of a derived datatype, and its element count would
        // not fit into an `int`.
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
