/// The coding keys that lead to a value, as a linked list from the value up to the root (`nil`).
///
/// Appending a key takes one small allocation at any depth, and siblings share their common part. Functions take a path
/// as a closure, because only errors and nested containers use it.
final class CodingPath {
    private var parent: CodingPath?
    private let key: any CodingKey
    /// The number of keys.
    let length: Int

    init(_ parent: CodingPath?, _ key: any CodingKey) {
        self.parent = parent
        self.key = key
        length = 1 + (parent?.length ?? 0)
    }

    /// Frees the nodes that nothing else references. The default deinitializer would recurse.
    deinit {
        var next = parent.take()
        while next != nil, isKnownUniquelyReferenced(&next) { next = next!.parent.take() }
    }

    /// Returns the keys from the root down, as `Codable` expects them.
    static func keys(_ path: CodingPath?) -> [any CodingKey] { lastKeys(.max, of: path) }

    /// Returns the innermost keys, for an error. The number is limited, because a type that tries several forms throws
    /// several errors at each level of nesting.
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

/// Coding keys that are not the user's own.
enum CBORKey: CodingKey {
    case index(Int)
    case name(String)
    /// An integer key of a dictionary.
    case number(Int)

    /// The key of `superEncoder()` and `superDecoder()`, which Foundation's coders use, too.
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
    /// Returns the integer that represents the key in a message, or nil if the text represents the key.
    ///
    /// The receiver gets only the integer. The integer is written only if the reader's type creates a key with the same
    /// text from it, so that different texts never become the same integer: `"7"` and `"007"` both have the integer
    /// value 7, but only `"7"` is written as 7.
    ///
    /// - Parameter reader: The type of the keys that the reader creates.
    @inline(__always)
    func integer<Reader: CodingKey>(readAs reader: Reader.Type) -> Int? {
        guard let number = intValue, isMade(of: number, reader) else { return nil }
        return number
    }

    /// Not inlined, because even finding the type of an optional `Reader` takes time.
    @inline(never)
    private func isMade<Reader: CodingKey>(of number: Int, _: Reader.Type) -> Bool {
        Reader(intValue: number)?.stringValue == stringValue
    }
}
