/// What a value's `encode(to:)` is given: the message and the value's place in it.
///
/// Three words, so that it travels inside `any Encoder` without an allocation.
struct CBOREncoder: Encoder {
    let writer: CBORWriter
    let path: CodingPath?
    let frameID: Int

    var codingPath: [any CodingKey] { CodingPath.keys(path) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        open(.map)
        return KeyedEncodingContainer(CBORKeyedEncodingContainer(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open(.array)
        return CBORUnkeyedEncodingContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        CBORSingleValueEncodingContainer(encoder: self)
    }
}

extension CBOREncoder {
    private func open(_ kind: CBORWriter.Frame.Kind) {
        if isCurrent { writer.open(kind) }
    }

    private var isCurrent: Bool { writer.frame.id == frameID }

    /// Runs `body`, which writes one entry of a container of the given kind.
    @inline(__always)
    func entry(_ kind: CBORWriter.Frame.Kind, _ body: () throws -> Void) throws {
        guard isCurrent, writer.frame.kind == kind else { throw misuse }
        try writer.entry(body)
    }

    /// An encoder for an entry that is written while others may be; `key` leads to it.
    func detached(_ kind: CBORWriter.Frame.Kind, key: any CodingKey, writeKey: () -> Void) -> CBOREncoder {
        let path = CodingPath(path, key)
        if writer.nesting == DeepRecursion.maximumNesting { writer.isTooDeep = true }
        guard isCurrent, writer.frame.kind == kind, !writer.isTooDeep else {
            // There is no way to throw here; writing to an encoder of no frame will.
            return CBOREncoder(writer: writer, path: path, frameID: -1)
        }
        writeKey()
        return CBOREncoder(writer: writer.appendHole(), path: path, frameID: 0)
    }

    var misuse: any Error {
        if writer.isTooDeep { return writer.tooDeep }
        let description =
            "This container cannot be written to: its value is complete, or a container of another kind was asked "
            + "of the same encoder."
        return EncodingError.invalidValue(
            self, EncodingError.Context(codingPath: codingPath, debugDescription: description))
    }
}
