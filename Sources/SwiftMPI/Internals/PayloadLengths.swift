internal import CMPI

/// The lengths of payloads that travel ahead of them, as ``ObjectProtocol`` has them.
struct PayloadLengths {
    /// What MPI reads and writes. Lengths of 4 bytes fill the first half: a peer that wrongly sends 8 stays inside.
    var storage: [MPI_Count]
    private let isShort: Bool

    /// Lengths to send.
    ///
    /// - Throws: ``MPIError`` for payloads longer than the protocol can tell.
    init(
        _ lengths: some Collection<Int>, _ objectProtocol: ObjectProtocol, _ function: StaticString
    ) throws(MPIError) {
        isShort = objectProtocol == .mpi4py3
        storage = lengths.map { MPI_Count($0) }
        if isShort {
            for (index, length) in lengths.enumerated() { self[short: index] = try cCount(length, function) }
        }
    }

    /// Room for lengths to receive.
    init(count: Int, _ objectProtocol: ObjectProtocol) {
        isShort = objectProtocol == .mpi4py3
        // No length: shows where 4 bytes came in place of 8.
        storage = [MPI_Count](repeating: -1, count: count)
    }

    /// The type of one length.
    var datatype: MPI_Datatype { unwrapped(isShort ? CMPI_INT() : CMPI_COUNT()) }

    /// The lengths received.
    ///
    /// - Throws: ``MPIError`` if what was received are not lengths, which is what a peer that speaks the other protocol
    ///   looks like.
    func received(_ function: StaticString) throws(MPIError) -> [Int] {
        let lengths = storage.indices.map { isShort ? Int(self[short: $0]) : Int(storage[$0]) }
        guard lengths.allSatisfy({ $0 >= 0 }) else { throw Self.otherProtocol(function) }
        return lengths
    }

    /// Reads the return code of a call that moved lengths.
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
