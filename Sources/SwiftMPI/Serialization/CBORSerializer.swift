/// The wire format of the lowercase calls: CBOR (RFC 8949), which Python reads and writes with `cbor2`.
///
/// Every `Codable` value can be sent. The table shows how each Swift type is written and which other forms are
/// accepted:
///
/// | Swift | written as | Python (`cbor2`) sees | also read from |
/// |---|---|---|---|
/// | `nil` | null | `None` | undefined |
/// | `Bool`, `String` | the same | `bool`, `str` | indefinite-length text |
/// | integers | integer, shortest form; bignum (tags 2, 3) beyond 64 bits | `int` | bignum that fits |
/// | `Double`, `Float`, `Float16` | 64-bit, 32-bit, 16-bit float | `float` | any float; an exact integer |
/// | `[UInt8]`, `Data` | byte string | `bytes` | indefinite-length bytes; `[UInt8]`: array of integers |
/// | `[Double]`, `[Int32]`, … | typed array (RFC 8746) | `CBORTag` | array of numbers, big-endian typed array |
/// | other arrays | array | `list` | indefinite-length array |
/// | dictionaries with any keys | map | `dict` | array of alternating keys and values |
/// | structures, classes | map by coding key | `dict` | |
/// | `Date` | tag 1, seconds since 1970; tag 0, RFC 3339 text | `datetime` | bare number |
/// | ``NDArray`` | tag 40: shape and elements (RFC 8746) | `CBORTag` | tag 1040 (column-major); flat arrays |
/// | ``Complex`` | tag 43000: real and imaginary part | `complex` | real numbers |
/// | `[Complex<Double>]`, … | tag 43001: typed array of alternating parts | `CBORTag` | arrays of tag 43000, of parts |
/// | `UUID` | tag 37 | `uuid.UUID` | text |
///
/// A coding key with an integer value is written as that integer if its type creates a key with the same text from the
/// integer. Otherwise, the key is written as its text: `"7"` as 7, `"007"` as `"007"`. Dictionary keys that are
/// `CodingKeyRepresentable` are written as their coding keys, as an integer if the text is the decimal form of that
/// integer.
///
/// A byte string or typed array can also be read element by element from an unkeyed container. Optionals of optionals
/// are flattened: a `nil` inside arrives as a `nil` outside. An array with a shape (RFC 8746, tags 40 and 1040) is read
/// as an ``NDArray`` or as nested arrays.
///
/// A `Date` is received exactly. If its time since 2001 has more precision than a `Double` of seconds since 1970 can
/// hold, the date is sent as text with all digits, of which Python keeps the microseconds.
///
/// An item with an unknown tag that changes its meaning is rejected. Tags that only add information, such as that an
/// array is a set, are skipped. A map with duplicate keys is not valid CBOR, but this is not checked: a dictionary
/// keeps the last value, and a structure may take either.
///
/// Decoding is safe for arbitrary bytes: they are validated first, and no memory is allocated for a length that exceeds
/// the message.
public struct CBORSerializer: ObjectSerializer {
    private let typedArrays: Bool
    private let maximumDepth: Int

    /// Creates a serializer.
    ///
    /// - Parameters:
    ///   - typedArrays: Whether an array of fixed-width numbers is written as one block of memory (RFC 8746) instead of
    ///     number by number. Plain `cbor2` presents such a block as a `CBORTag` (tag number and `bytes`), which
    ///     `numpy.frombuffer` or a `tag_hook` turns into an array. Pass `false` to let it see lists of numbers. Both
    ///     forms can always be read.
    ///   - maximumDepth: The maximum nesting of values that encode and decode themselves, such as the nodes of a linked
    ///     list. Numbers, strings, optionals, arrays and dictionaries do not count. A deeper value throws
    ///     ``CBORError/Reason/tooDeep``. Deep recursion continues on other threads, whose stacks use up to 32 KiB for
    ///     each level, while the calling thread waits.
    public init(typedArrays: Bool = true, maximumDepth: Int = 16_384) {
        self.typedArrays = typedArrays
        self.maximumDepth = maximumDepth
    }

    public func encode<T: Encodable>(_ value: T) throws -> [UInt8] {
        let writer = CBORWriter(typedArrays: typedArrays, maximumDepth: maximumDepth)
        try ValueEncoder<T>().encode(value, to: writer, path: { nil })
        return writer.bytes
    }

    public func decode<T: Decodable>(_ type: T.Type, from bytes: UnsafeRawBufferPointer) throws -> T {
        let message = CBORMessage(bytes, maximumDepth: maximumDepth)
        defer { message.end() }
        try message.validate()
        var reader = CBORReader(message, at: 0)
        do {
            let value = try ValueDecoder<T>().decode(at: &reader, path: { nil })
            if let failure = message.failure { throw failure }
            return value
        } catch {
            throw message.failure ?? error
        }
    }
}

extension CBORSerializer {
    /// Serializes a value, except for the memory of a large block at its end.
    func withPayload<T: Encodable>(of value: T, _ body: (Payload) throws -> Void) throws {
        let writer = CBORWriter(typedArrays: typedArrays, maximumDepth: maximumDepth)
        try ValueEncoder<T>().withTrailingBlock(of: value, to: writer) { block in
            try writer.bytes.withUnsafeBytes { try body(Payload(head: $0, block: block)) }
        }
    }
}
