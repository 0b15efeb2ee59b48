/// Turns objects into the bytes the lowercase calls send, and back.
///
/// The lowercase calls (`send`, `recv`, `bcast`, …) are to ``CBORSerializer`` what mpi4py's are to `pickle`. A program
/// that wants another wire format supplies its own serializer; both ends of a message must agree on it.
public protocol ObjectSerializer: Sendable {
    /// The bytes of one message that holds `value`.
    ///
    /// - Throws: `EncodingError`, or the serializer's own error, if `value` has no representation.
    func encode<T: Encodable>(_ value: T) throws -> [UInt8]

    /// The object in the bytes of one message.
    ///
    /// - Parameters:
    ///   - type: What is expected.
    ///   - bytes: All of a received message, valid during the call only; nothing may be assumed of its contents.
    /// - Throws: `DecodingError` if the message holds something else than a `T`, or the serializer's own error if it is
    ///   not a message at all.
    func decode<T: Decodable>(_ type: T.Type, from bytes: UnsafeRawBufferPointer) throws -> T
}
