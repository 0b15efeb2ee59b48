/// The coding keys that lead to a value, as a list from the value up to the root (`nil`).
///
/// Extending it by a key is one small allocation however deep the value is, and siblings share what they have in
/// common. Functions take a path as a closure, because only an error or a nested container ever asks for it.
final class CodingPath {
    private var parent: CodingPath?
    private let key: any CodingKey
    /// How many keys there are.
    let length: Int

    init(_ parent: CodingPath?, _ key: any CodingKey) {
        self.parent = parent
        self.key = key
        length = 1 + (parent?.length ?? 0)
    }

    /// Frees the part of the list that nothing else refers to; the default would recurse.
    deinit {
        var next = parent.take()
        while next != nil, isKnownUniquelyReferenced(&next) { next = next!.parent.take() }
    }

    /// From the root down, as `Codable` wants it.
    static func keys(_ path: CodingPath?) -> [any CodingKey] { lastKeys(.max, of: path) }

    /// For an error: a type that tries one form after another throws several at each level, however deep.
    static func innermostKeys(_ path: CodingPath?) -> [any CodingKey] { lastKeys(64, of: path) }

    private static func lastKeys(_ limit: Int, of path: CodingPath?) -> [any CodingKey] {
        let count = min(limit, path?.length ?? 0)
        return Array(unsafeUninitializedCapacity: count) { keys, initializedCount in
            var node = path
            for index in (0..<count).reversed() {
                keys.initializeElement(at: index, to: node!.key)
                node = node!.parent
            }
            initializedCount = count
        }
    }
}

/// The keys that are not the user's own.
enum CBORKey: CodingKey {
    case index(Int)
    case name(String)
    /// A dictionary's key that is written as an integer.
    case number(Int)

    /// The key `superEncoder()` and `superDecoder()` stand for, which is also that of Foundation's coders.
    static let superclass = CBORKey.name("super")

    init(stringValue: String) { self = .name(stringValue) }
    init(intValue: Int) { self = .number(intValue) }

    var stringValue: String {
        switch self {
        case .index(let index): "Index \(index)"
        case .name(let name): name
        case .number(let number): "\(number)"
        }
    }

    var intValue: Int? {
        switch self {
        case .index(let number), .number(let number): number
        case .name: nil
        }
    }
}

extension CodingKey {
    /// The integer that is the key in a message; nil if its text is.
    ///
    /// The integer alone arrives. It is written only where a key with the same text is made of it, so that different
    /// texts never become the same integer: of `"7"` and `"007"`, which both have the integer value 7, it is `"7"`.
    ///
    /// - Parameter reader: The type of the keys the reader makes.
    @inline(__always)
    func integer<Reader: CodingKey>(readAs reader: Reader.Type) -> Int? {
        guard let number = intValue, isMade(of: number, reader) else { return nil }
        return number
    }

    /// Kept out of line, since even the type of an optional `Reader` takes time to find.
    @inline(never)
    private func isMade<Reader: CodingKey>(of number: Int, _: Reader.Type) -> Bool {
        Reader(intValue: number)?.stringValue == stringValue
    }
}
