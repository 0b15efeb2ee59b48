internal import CMPI

/// The lengths of payloads, which are sent before them in the format of an ``ObjectProtocol``.
struct PayloadLengths {
    /// The memory that MPI reads and writes. Lengths of 4 bytes use the first half, so that a peer that wrongly sends 8
    /// bytes does not write past the end.
    var storage: [MPI_Count]
    private let isShort: Bool

    /// Creates lengths to send.
    ///
    /// - Throws: ``MPIError`` for payloads whose length the protocol cannot represent.
    init(
        _ lengths: some Collection<Int>, _ objectProtocol: ObjectProtocol, _ function: StaticString
    ) throws(MPIError) {
        isShort = objectProtocol == .mpi4py3
        storage = lengths.map { MPI_Count($0) }
        if isShort {
            for (index, length) in lengths.enumerated() { self[short: index] = try cCount(length, function) }
        }
    }

    /// Creates a buffer for lengths to receive.
    init(count: Int, _ objectProtocol: ObjectProtocol) {
        isShort = objectProtocol == .mpi4py3
        // An invalid length, which reveals that 4 bytes were received instead of 8.
        storage = [MPI_Count](repeating: -1, count: count)
    }

    /// The datatype of one length.
    var datatype: MPI_Datatype { unwrapped(isShort ? CMPI_INT() : CMPI_COUNT()) }

    /// Returns the received lengths.
    ///
    /// - Throws: ``MPIError`` if the values are not valid lengths, which happens if a peer uses the other protocol.
    func received(_ function: StaticString) throws(MPIError) -> [Int] {
        let lengths = storage.indices.map { isShort ? Int(self[short: $0]) : Int(storage[$0]) }
        guard lengths.allSatisfy({ $0 >= 0 }) else { throw Self.otherProtocol(function) }
        return lengths
    }

    /// Checks the return code of a call that sent or received lengths.
    static func check(_ function: StaticString, _ code: CInt) throws(MPIError) {
        do { try SwiftMPI.check(function, code) } catch {
            throw error.class == .truncated ? otherProtocol(function) : error
        }
    }

    private static func otherProtocol(_ function: StaticString) -> MPIError {
        MPIError(
            refused: function, .truncated,
            "the length of an object came in another size than this rank expects: "
                + "another rank's objectProtocol, or its version of mpi4py, is a different one")
    }

    private subscript(short index: Int) -> CInt {
        get { storage.withUnsafeBytes { $0.load(fromByteOffset: index * MemoryLayout<CInt>.size, as: CInt.self) } }
        set {
            storage.withUnsafeMutableBytes {
                $0.storeBytes(of: newValue, toByteOffset: index * MemoryLayout<CInt>.size, as: CInt.self)
            }
        }
    }
}
