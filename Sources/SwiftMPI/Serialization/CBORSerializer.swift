/// The wire format of the lowercase calls: CBOR (RFC 8949), which Python reads and writes with `cbor2`.
///
/// Anything `Codable` can be sent. What a Swift value becomes, and what is accepted in its place:
///
/// | Swift | written as | Python (`cbor2`) sees | also read from |
/// |---|---|---|---|
/// | `nil` | null | `None` | undefined |
/// | `Bool`, `String` | the same | `bool`, `str` | indefinite-length text |
/// | integers | integer, shortest form; bignum (tags 2, 3) beyond 64 bits | `int` | bignum that fits |
/// | `Double`, `Float`, `Float16` | 64-bit, 32-bit, 16-bit float | `float` | any float; an integer that is exact |
/// | `[UInt8]`, `Data` | byte string | `bytes` | indefinite-length bytes; `[UInt8]`: array of integers |
/// | `[Double]`, `[Int32]`, … | typed array (RFC 8746) | `CBORTag` | array of numbers, big-endian typed array |
/// | other arrays | array | `list` | indefinite-length array |
/// | dictionaries, any key | map | `dict` | array of alternating keys and values |
/// | structures, classes | map by coding key | `dict` | |
/// | `Date` | tag 1, seconds since 1970; tag 0, RFC 3339 text | `datetime` | bare number |
/// | ``NDArray`` | tag 40: shape and elements (RFC 8746) | `CBORTag` | tag 1040, column by column; flat arrays |
/// | ``Complex`` | tag 43000: real and imaginary part | `complex` | real numbers |
/// | `[Complex<Double>]`, … | tag 43001: typed array of the parts in turn | `CBORTag` | arrays of tag 43000, of parts |
/// | `UUID` | tag 37 | `uuid.UUID` | text |
///
/// A coding key that has an integer value is written as that integer if its type makes a key with the same text of the
/// integer, and as its text otherwise: `"7"` as 7, `"007"` as `"007"`. Dictionary keys that are
/// `CodingKeyRepresentable` are written as their coding keys, as an integer if the text is that integer's. A byte
/// string or typed array can also be read element by element, from an unkeyed container. Optionals of optionals are
/// flattened: a `nil` inside arrives as a `nil` outside. A `Date` arrives exactly: where it counts more finely from
/// 2001 than a `Double` does from 1970, it is text with all its digits, of which Python keeps the microseconds. An
/// array with a shape (RFC 8746, tags 40 and 1040) is an ``NDArray``, or arrays of arrays. An item with a tag that
/// changes its meaning and has none here is refused; tags that only add to it, such as that an array is a set, are
/// passed over. A map that holds one key twice is not valid CBOR, and this is not checked: a
/// dictionary keeps the last value, a structure may take either.
///
/// Decoding is safe whatever the bytes: they are validated first, and nothing is allocated on the word of a length
/// that the message does not bear out.
public struct CBORSerializer: ObjectSerializer {
    private let typedArrays: Bool
    private let maximumDepth: Int

    /// - Parameters:
    ///   - typedArrays: Whether an array of fixed-width numbers is written as one block of memory (RFC 8746) instead of
    ///     number by number. Plain `cbor2` presents such a block as a `CBORTag` (tag number and `bytes`), which
    ///     `numpy.frombuffer` or a `tag_hook` turns into an array; say `false` to have it see lists of numbers. Reading
    ///     accepts both either way.
    ///   - maximumDepth: How many values that encode and decode themselves may be inside each other, such as the nodes
    ///     of a linked list. Numbers, strings, optionals, arrays and dictionaries do not count. A deeper value throws
    ///     ``CBORError/Reason/tooDeep``. Deep recursion continues on other threads, whose stacks take up to 32 KiB a
    ///     level, while the calling thread waits.
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
    /// Serializes a value, all but the memory of a large one.
    func withPayload<T: Encodable>(of value: T, _ body: (Payload) throws -> Void) throws {
        let writer = CBORWriter(typedArrays: typedArrays, maximumDepth: maximumDepth)
        try ValueEncoder<T>().withTrailingBlock(of: value, to: writer) { block in
            try writer.bytes.withUnsafeBytes { try body(Payload(head: $0, block: block)) }
        }
    }
}
