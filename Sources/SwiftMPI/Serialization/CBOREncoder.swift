/// The encoder that is passed to a value's `encode(to:)`: a message and the value's place in it.
///
/// It has three words, so it fits into `any Encoder` without an allocation.
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

    /// Returns an encoder for an entry that may be written while other entries are written; `key` leads to the entry.
    func detached(_ kind: CBORWriter.Frame.Kind, key: any CodingKey, writeKey: () -> Void) -> CBOREncoder {
        let path = CodingPath(path, key)
        if writer.nesting == DeepRecursion.maximumNesting { writer.isTooDeep = true }
        guard isCurrent, writer.frame.kind == kind, !writer.isTooDeep else {
            // This function cannot throw. Writing to an encoder without a frame does.
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
