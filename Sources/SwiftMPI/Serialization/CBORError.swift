/// An error for bytes that are not one well-formed CBOR item, or for an item that is nested too deeply.
///
/// If a message is well-formed but contains something other than the requested type, decoding throws a `DecodingError`
/// instead.
public struct CBORError: Error, Hashable, Sendable {
    /// The reason why the bytes are invalid.
    public enum Reason: Hashable, Sendable {
        /// The message ends inside an item, or an item claims to be longer than the message.
        case truncated
        /// Bytes follow the end of the item.
        case trailingBytes
        /// A byte is reserved or forbidden by RFC 8949, alone or in its combination with other bytes.
        case malformed
        /// A text string is not UTF-8.
        case invalidText
        /// Values are nested more deeply than ``CBORSerializer/init(typedArrays:maximumDepth:)`` allows. Thrown in both
        /// directions.
        case tooDeep
    }

    public let reason: Reason
    /// The position in the message, in bytes from its start.
    public let offset: Int

    public init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension CBORError: CustomStringConvertible {
    public var description: String {
        let what =
            switch reason {
            case .truncated: "the message ends before the item does that starts"
            case .trailingBytes: "there are bytes left over after the object,"
            case .malformed: "not well-formed (RFC 8949, section 3)"
            case .invalidText: "a text string is not UTF-8"
            case .tooDeep: "the object is nested more deeply than the serializer's maximumDepth allows,"
            }
        let hint =
            reason == .tooDeep
            ? "" : "; the message of an uppercase call, such as Send, has to be received by one, such as Recv"
        return "CBOR: \(what) at byte \(offset)\(hint)"
    }
}
