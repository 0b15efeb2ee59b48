import SwiftMPI
import Testing

/// Keys that are text, integers, or both.
@Suite struct Keys {
    /// Texts that are the same integer, in all ways an `Int` is read from text.
    private static let texts = [
        "0", "-0", "+0", "00", "7", "007", "+7", "-7", "-07", "5", "+5", "1234", "01234", "9223372036854775807",
        "09223372036854775807", "-9223372036854775808", "18446744073709551616", "", "a", "1a", "é", "٧",
    ]
    private static let entries = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($1, $0) })

    /// As an enumeration of texts has it as a key of a dictionary.
    private struct Text: Codable, Hashable, RawRepresentable, CodingKeyRepresentable {
        var rawValue: String
    }

    private enum Digits: String, Codable, CodingKey, CodingKeyRepresentable, CaseIterable {
        case one = "1", oh = "01", plus = "+1", word = "one"
    }

    @Test func keysWithAnIntegerThatTheirTextCanBeReadAs() throws {
        let parsed = Parsed(Self.entries)
        #expect(try decode(Parsed.self, encode(parsed)) == parsed)
        let bytes = try encode(Parsed(["007": 1]))
        #expect(hex(bytes) == "a16330303701")
        #expect(hex(try encode(Parsed(["7": 1]))) == "a10701")
        #expect(hex(try encode(Parsed(["-7": 1]))) == "a12601")
        #expect(hex(try encode(Parsed(["-0": 1]))) == "a1622d3001")
    }

    @Test func dictionaryKeysThatTextStandsFor() throws {
        let entries = Dictionary(uniqueKeysWithValues: Self.entries.map { (Text(rawValue: $0), $1) })
        #expect(try decode([Text: Int].self, encode(entries)) == entries)
        let digits = Dictionary(uniqueKeysWithValues: Digits.allCases.map { ($0, $0.rawValue) })
        #expect(try decode([Digits: String].self, encode(digits)) == digits)
        #expect(hex(try encode([Text(rawValue: "01234"): 1])) == "a165303132333401")
        #expect(hex(try encode([Text(rawValue: "1234"): 1])) == "a11904d201")
        // As a peer may write them.
        #expect(
            try decode([Text: Int].self, "a2 07 01 63303037 02") == [Text(rawValue: "7"): 1, Text(rawValue: "007"): 2])
    }

    @Test func aStructureWithKeysThatAreDigits() throws {
        struct Record: Codable, Equatable {
            var a = 1, b = 2, c = 3, d: Int?
            enum CodingKeys: String, CodingKey { case a = "1", b = "01", c = "+1", d = "one" }
        }
        #expect(try decode(Record.self, encode(Record())) == Record())
        #expect(hex(try encode(Record())) == "a3 6131 01 623031 02 622b31 03".filter { $0 != " " })
    }

    /// What is asked for is what was written, whatever else is in the map, in whatever order.
    @Test func aLookupTellsTextFromInteger() throws {
        struct Reader: Decodable {
            var values: [Int?]
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Parsed.Key.self)
                values = try ["007", "7", "+7", "07"].map {
                    try container.decodeIfPresent(Int.self, forKey: Parsed.Key(stringValue: $0))
                }
            }
        }
        // {7: 1, "007": 2}, {"007": 2, 7: 1}, {7: 1}, {"007": 2}
        #expect(try decode(Reader.self, "a2 07 01 63303037 02").values == [2, 1, nil, nil])
        #expect(try decode(Reader.self, "a2 63303037 02 07 01").values == [2, 1, nil, nil])
        #expect(try decode(Reader.self, "a1 07 01").values == [nil, 1, nil, nil])
        #expect(try decode(Reader.self, "a1 63303037 02").values == [2, nil, nil, nil])
        // {"7": 1}: the text of a key that would be written as an integer; {"7": 1, 7: 2} and the other way round.
        #expect(try decode(Reader.self, "a1 6137 01").values == [nil, 1, nil, nil])
        #expect(try decode(Reader.self, "a2 6137 01 07 02").values == [nil, 2, nil, nil])
        #expect(try decode(Reader.self, "a2 07 02 6137 01").values == [nil, 2, nil, nil])
    }

    /// The names of an enumeration of integers are those integers.
    @Test func integersThatStandForNames() throws {
        struct Record: Codable, Equatable {
            var title = 1, box: Int? = 2
            enum CodingKeys: Int, CodingKey { case title = 7, box = -3 }
        }
        #expect(hex(try encode(Record())) == "a207012202")
        #expect(try decode(Record.self, encode(Record())) == Record())
        #expect(try decode(Record.self, "a2 63626f78 02 657469746c65 01") == Record())
        #expect(try decode(Record.self, "a2 657469746c65 01 6137 03") == Record(title: 1, box: nil))
    }

    /// Keys that claim the same integer are told apart by their texts.
    @Test func keysThatShareAnInteger() throws {
        struct Same: CodingKey, Hashable {
            var stringValue: String
            var intValue: Int? { 1 }
            init(stringValue: String) { self.stringValue = stringValue }
            init(intValue: Int) { stringValue = "b" }
        }
        struct Record: Codable, Equatable {
            var values: [String: Int]
            init(_ values: [String: Int]) { self.values = values }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Same.self)
                values = [:]
                for key in container.allKeys { values[key.stringValue] = try container.decode(Int.self, forKey: key) }
            }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Same.self)
                for (key, value) in values { try container.encode(value, forKey: Same(stringValue: key)) }
            }
        }
        let record = Record(["a": 1, "b": 2, "1": 3, "c": 4])
        #expect(try decode(Record.self, encode(record)) == record)
    }

    @Test func superEncodersAndNestedContainers() throws {
        struct Nest: Codable, Equatable {
            var values: [String: Int]
            init(_ values: [String: Int]) { self.values = values }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Parsed.Key.self)
                values = [:]
                for key in container.allKeys {
                    if key.stringValue.hasPrefix("0") {
                        values[key.stringValue] = try Int(from: container.superDecoder(forKey: key))
                    } else {
                        var list = try container.nestedUnkeyedContainer(forKey: key)
                        values[key.stringValue] = try list.decode(Int.self)
                    }
                }
            }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Parsed.Key.self)
                for (text, value) in values {
                    let key = Parsed.Key(stringValue: text)
                    if text.hasPrefix("0") {
                        try value.encode(to: container.superEncoder(forKey: key))
                    } else {
                        var list = container.nestedUnkeyedContainer(forKey: key)
                        try list.encode(value)
                    }
                }
            }
        }
        let nest = Nest(["01": 1, "1": 2, "001": 3, "+1": 4])
        #expect(try decode(Nest.self, encode(nest)) == nest)
    }

    /// A class and its superclass that write to one container, with the same integers for different names.
    @Test func integersOfTwoTypesThatCollide() throws {
        class Animal: Encodable {
            enum CodingKeys: Int, CodingKey { case legs }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(4, forKey: .legs)
            }
        }
        final class Cat: Animal {
            enum CodingKeys: Int, CodingKey { case lives }
            override func encode(to encoder: any Encoder) throws {
                try super.encode(to: encoder)
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(9, forKey: .lives)
            }
        }
        #expect(hex(try encode(Animal())) == "a10004")
        #expect(throws: EncodingError.self) { try encode(Cat()) }
    }
}
