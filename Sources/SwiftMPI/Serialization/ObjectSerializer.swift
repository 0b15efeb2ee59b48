/// A type that converts objects to the bytes that the lowercase calls send, and back.
///
/// The lowercase calls (`send`, `recv`, `bcast`, …) use ``CBORSerializer`` as mpi4py's calls use `pickle`. A program
/// that needs another wire format can supply its own serializer. Both ends of a message must use the same one.
public protocol ObjectSerializer: Sendable {
    /// Returns the bytes of a message that contains `value`.
    ///
    /// - Throws: `EncodingError`, or the serializer's own error, if `value` cannot be represented.
    func encode<T: Encodable>(_ value: T) throws -> [UInt8]

    /// Returns the object in the bytes of a message.
    ///
    /// - Parameters:
    ///   - type: The expected type.
    ///   - bytes: The whole received message, valid only during the call. Do not assume anything about its contents.
    /// - Throws: `DecodingError` if the message contains something other than a `T`, or the serializer's own error if
    ///   the bytes are not a valid message.
    func decode<T: Decodable>(_ type: T.Type, from bytes: UnsafeRawBufferPointer) throws -> T
}
