/// A map in a message, with a search for keys.
///
/// A type usually requests its keys in the order in which it wrote them. The search therefore tries the next entry
/// first and does not read entries ahead. The first time this fails, the map builds an index of all entries; each
/// search of the index starts where the last one ended.
final class CBORMap {
    private struct Entry {
        let keyOffset: Int
        let valueOffset: Int
    }

    let message: CBORMessage
    let path: CodingPath?
    private let count: Int?
    private let start: Int

    /// The entry that was found last, as long as there is no index.
    @exclusivity(unchecked) private var current: Entry?
    /// The position of the value of `current`, or the end of that value.
    @exclusivity(unchecked) private var position: Int
    /// The number of entries that follow `current`; nil if a break ends them.
    @exclusivity(unchecked) private var remaining: Int?

    @exclusivity(unchecked) private var index: [Entry] = []
    @exclusivity(unchecked) private var cursor = 0

    /// Creates a map from the entries at a reader's position.
    init(_ reader: CBORReader, count: Int?, path: CodingPath?) {
        message = reader.message
        self.path = path
        self.count = count
        start = reader.position
        position = start
        remaining = count
    }

    /// Returns a reader at the value of a key, or nil if the map does not contain the key.
    func value<Key: CodingKey>(of key: Key) -> CBORReader? {
        if message.isOver { return nil }
        let number = key.integer(readAs: Key.self)
        return key.stringValue.utf8Span.span.withUnsafeBytes { name in
            offset(of: name, number).map { CBORReader(message, at: $0) }
        }
    }

    /// Records where a value ends, so that the search does not have to skip it.
    func hasRead(valueAt offset: Int, upTo end: Int) {
        if offset == position { position = end }
    }

    private func offset(of name: UnsafeRawBufferPointer, _ number: Int?) -> Int? {
        if index.isEmpty {
            if let current, match(current, name, number) == .exact { return current.valueOffset }
            if let next = nextEntry(), match(next, name, number) == .exact { return next.valueOffset }
            index = entries()
        }
        var second: Int?
        for _ in index.indices {
            switch match(index[cursor], name, number) {
            case .exact: return index[cursor].valueOffset
            case .text: second = index[cursor].valueOffset
            case .none: break
            }
            cursor = cursor + 1 < index.count ? cursor + 1 : 0
        }
        return second
    }

    private enum Match {
        /// The entry has the key in its written form.
        case exact
        /// The entry has the text of a key whose written form is an integer.
        case text
        case none
    }

    private func match(_ entry: Entry, _ name: UnsafeRawBufferPointer, _ number: Int?) -> Match {
        var reader = CBORReader(message, at: entry.keyOffset)
        let isName: Bool
        guard let (tag, item) = try? reader.next(), tag == nil else { return .none }
        switch item {
        case .unsigned(let value): return number.map { $0 >= 0 && $0.magnitude == value } ?? false ? .exact : .none
        case .negative(let value): return number.map { $0 < 0 && (~$0).magnitude == value } ?? false ? .exact : .none
        case .text(let utf8): isName = utf8.count == name.count && utf8.elementsEqual(name)
        case .chunkedText: isName = text(at: entry.keyOffset)?.utf8.elementsEqual(name) ?? false
        default: isName = false
        }
        return isName ? number == nil ? .exact : .text : .none
    }

    /// Advances to the entry after `current`.
    private func nextEntry() -> Entry? {
        var reader = CBORReader(message, at: position)
        if let current, current.valueOffset == position { reader.skipValidated() }
        current = Self.entry(&reader, &remaining)
        position = reader.position
        return current
    }

    /// Returns all entries.
    private func entries() -> [Entry] {
        var reader = CBORReader(message, at: start)
        var remaining = count
        var entries: [Entry] = []
        entries.reserveCapacity(count ?? 0)
        while let entry = Self.entry(&reader, &remaining) {
            entries.append(entry)
            if remaining != 0 { reader.skipValidated() }
        }
        return entries
    }

    /// Reads one entry, up to its value.
    private static func entry(_ reader: inout CBORReader, _ remaining: inout Int?) -> Entry? {
        guard reader.hasEntry(&remaining) else { return nil }
        let keyOffset = reader.position
        reader.skipValidated()
        return Entry(keyOffset: keyOffset, valueOffset: reader.position)
    }

    /// Returns all keys for which the type has a coding key.
    func keys<Key: CodingKey>() -> [Key] {
        if message.isOver { return [] }
        return entries().compactMap { entry in
            var reader = CBORReader(message, at: entry.keyOffset)
            guard let (tag, item) = try? reader.next(), tag == nil else { return nil }
            switch item {
            case .unsigned(let value): return Int(exactly: value).flatMap(Key.init(intValue:))
            case .negative(let value): return Int(exactly: value).flatMap { Key(intValue: ~$0) }
            default: return text(at: entry.keyOffset).flatMap(Key.init(stringValue:))
            }
        }
    }

    private func text(at offset: Int) -> String? {
        var reader = CBORReader(message, at: offset)
        return try? String.read(from: &reader, path: { nil })
    }
}
