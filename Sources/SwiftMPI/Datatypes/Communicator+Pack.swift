internal import CMPI

extension Communicator {
    /// Returns an upper bound on the number of bytes that ``Pack(_:into:)`` appends.
    ///
    /// MPI: `MPI_Pack_size`, MPI-3.1 §4.2.
    public final func Pack_size(_ buffer: borrowing some SendBuffer & ~Copyable & ~Escapable) throws(MPIError) -> Int {
        let count = try cCount(buffer.count, "MPI_Pack_size")
        var size: CInt = 0
        try check("MPI_Pack_size", MPI_Pack_size(count, buffer.item.datatype, handle, &size))
        return Int(size)
    }

    /// Appends the elements of a buffer to a packed message, which may combine buffers of several types.
    ///
    /// - Parameters:
    ///   - buffer: The elements to append.
    ///   - packed: A message of at most 2³¹−1 bytes that ranks of this communicator receive and unpack.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Pack`, MPI-3.1 §4.2.
    public final func Pack(
        _ buffer: borrowing some SendBuffer & ~Copyable & ~Escapable, into packed: inout [UInt8]
    ) throws(MPIError) {
        let count = try cCount(buffer.count, "MPI_Pack")
        let size = try cCount(packed.count + Pack_size(buffer), "MPI_Pack")
        let type = buffer.item.datatype
        try packed.appendPacked(upTo: Int(size)) { (room, position) throws(MPIError) in
            var end = CInt(position)
            let code = try buffer.withAddress { MPI_Pack($0, count, type, room, size, &end, handle) }
            try check("MPI_Pack", code)
            position = Int(end)
        }
    }

    /// Fills a buffer with the next elements of a packed message.
    ///
    /// - Parameters:
    ///   - packed: A message made by ``Pack(_:into:)``.
    ///   - position: The offset of the elements, initially 0. Moves to the byte after them.
    ///   - buffer: The buffer to fill.
    /// - Throws: ``MPIError``, of class ``MPIError/Class/truncated`` if the message has too few bytes left.
    ///
    /// MPI: `MPI_Unpack`, MPI-3.1 §4.2.
    public final func Unpack(
        _ packed: [UInt8], position: inout Int, into buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable
    ) throws(MPIError) {
        let (count, size) = (try cCount(buffer.count, "MPI_Unpack"), try cCount(packed.count, "MPI_Unpack"))
        let type = buffer.item.datatype
        try MPI.requireRunning("MPI_Unpack")
        try requireBytes(buffer.byteCount, in: packed, from: position, "MPI_Unpack")
        var end = CInt(position)
        let code = try packed.withAddress { (packed) throws(MPIError) in
            try buffer.withMutableAddress { MPI_Unpack(packed, size, &end, $0, count, type, handle) }
        }
        try check("MPI_Unpack", code)
        position = Int(end)
    }
}

extension MPI {
    /// Returns an upper bound on the number of bytes that ``Pack_external(_:into:)`` appends.
    ///
    /// MPI: `MPI_Pack_external_size`, MPI-3.1 §4.3.
    public static func Pack_external_size(
        _ buffer: borrowing some SendBuffer & ~Copyable & ~Escapable
    ) throws(MPIError) -> Int {
        let count = try cCount(buffer.count, "MPI_Pack_external_size")
        var size: MPI_Aint = 0
        let type = buffer.item.datatype
        try check("MPI_Pack_external_size", MPI_Pack_external_size("external32", count, type, &size))
        return size
    }

    /// Appends the elements of a buffer in a format that every machine and MPI library reads: big-endian, with fixed
    /// sizes.
    ///
    /// - Parameters:
    ///   - buffer: The elements to append.
    ///   - packed: The bytes to append to; they may be any bytes.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Pack_external` with `"external32"`, MPI-3.1 §4.3, §13.5.2.
    public static func Pack_external(
        _ buffer: borrowing some SendBuffer & ~Copyable & ~Escapable, into packed: inout [UInt8]
    ) throws(MPIError) {
        let count = try cCount(buffer.count, "MPI_Pack_external")
        let size = packed.count + (try Pack_external_size(buffer))
        let type = buffer.item.datatype
        try packed.appendPacked(upTo: size) { (room, position) throws(MPIError) in
            let code = try buffer.withAddress {
                MPI_Pack_external("external32", $0, count, type, room, size, &position)
            }
            try check("MPI_Pack_external", code)
        }
    }

    /// Fills a buffer with the next elements of bytes that ``Pack_external(_:into:)`` made; see
    /// ``Communicator/Unpack(_:position:into:)``.
    ///
    /// MPI: `MPI_Unpack_external`, MPI-3.1 §4.3.
    public static func Unpack_external(
        _ packed: [UInt8], position: inout Int, into buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable
    ) throws(MPIError) {
        let count = try cCount(buffer.count, "MPI_Unpack_external")
        let type = buffer.item.datatype
        try requireBytes(Pack_external_size(buffer), in: packed, from: position, "MPI_Unpack_external")
        var end = position
        let code = try packed.withAddress { (address) throws(MPIError) in
            try buffer.withMutableAddress {
                MPI_Unpack_external("external32", address, packed.count, &end, $0, count, type)
            }
        }
        try check("MPI_Unpack_external", code)
        position = end
    }
}

/// Throws unless the message has the needed bytes. MPI may read past its end, and its error does not name the cause.
private func requireBytes(
    _ needed: Int, in packed: [UInt8], from position: Int, _ function: StaticString
) throws(MPIError) {
    if position < 0 || position > packed.count || packed.count - position < needed {
        throw MPIError(
            refused: function, .truncated,
            "\(needed) bytes from byte \(position) on are more than the \(packed.count) that were packed")
    }
}

extension [UInt8] {
    /// Calls `body` to write up to `size` bytes of the array at a position, which `body` advances.
    fileprivate mutating func appendPacked(
        upTo size: Int, _ body: (UnsafeMutableRawPointer?, inout Int) throws(MPIError) -> Void
    ) throws(MPIError) {
        var position = count
        defer { removeLast(count - position) }
        append(contentsOf: repeatElement(0, count: size - count))
        var end = position
        try withUnsafeMutableBufferPointer { (bytes) throws(MPIError) in try body(bytes.baseAddress, &end) }
        position = end
    }
}
