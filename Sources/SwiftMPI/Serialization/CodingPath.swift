/// The coding keys that lead to a value, as a list from the value up to the root (`nil`).
///
/// Extending it by a key is one small allocation however deep the value is, and siblings share what they have in
/// common. Functions take a path as a closure, because only an error or a nested container ever asks for it.
final class CodingPath {
    private let parent: CodingPath?
    private let key: any CodingKey

    init(_ parent: CodingPath?, _ key: any CodingKey) {
        self.parent = parent
        self.key = key
    }

    /// From the root down, as `Codable` wants it.
    static func keys(_ path: CodingPath?) -> [any CodingKey] {
        var keys: [any CodingKey] = []
        var node = path
        while let current = node {
            keys.append(current.key)
            node = current.parent
        }
        return keys.reversed()
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
    init(intValue: Int) { self = .index(intValue) }

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
