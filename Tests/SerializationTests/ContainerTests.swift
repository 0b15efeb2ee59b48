import SwiftMPI
import Testing

/// What Codable allows user code to do with its containers.
@Suite struct Containers {
    class Animal: Codable {
        var legs: Int
        init(legs: Int) { self.legs = legs }
    }

    final class Dog: Animal {
        var name: String
        private enum CodingKeys: CodingKey { case name }

        init(legs: Int, name: String) {
            self.name = name
            super.init(legs: legs)
        }

        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            try super.init(from: container.superDecoder())
        }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try super.encode(to: container.superEncoder())
            try container.encode(name, forKey: .name)
        }
    }

    /// Shares its superclass's container instead.
    final class Cat: Animal {
        var lives = 9
        private enum CodingKeys: CodingKey { case lives }

        required init(from decoder: any Decoder) throws {
            lives = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .lives)
            try super.init(from: decoder)
        }

        init() { super.init(legs: 4) }

        override func encode(to encoder: any Encoder) throws {
            try super.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(lives, forKey: .lives)
        }
    }

    @Test func inheritance() throws {
        let bytes = try encode([Dog(legs: 4, name: "Rex"), Dog(legs: 3, name: "Tripod")])
        #expect(hex(Array(bytes[..<25])) == "82a2657375706572a1646c65677304646e616d656352657" + "8a2")
        let dogs = try decode([Dog].self, bytes)
        #expect(dogs.map(\.legs) == [4, 3])
        #expect(dogs.map(\.name) == ["Rex", "Tripod"])
        #expect(hex(try encode(Cat())) == "a2646c65677304656c6976657309")
        #expect(try decode(Cat.self, encode(Cat())).legs == 4)
    }

    struct Key: CodingKey, ExpressibleByStringLiteral {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init(stringLiteral value: String) { self.stringValue = value }
        init?(intValue: Int) { nil }
    }

    /// Writes through the closure it holds.
    struct Script: Encodable {
        let body: (any Encoder) throws -> Void
        func encode(to encoder: any Encoder) throws { try body(encoder) }
    }

    @Test func interleavedContainers() throws {
        let script = Script { encoder in
            var outer = encoder.container(keyedBy: Key.self)
            var list = outer.nestedUnkeyedContainer(forKey: "list")
            try list.encode(1)
            try outer.encode(2, forKey: "between")
            var inner = list.nestedContainer(keyedBy: Key.self)
            var other = outer.nestedContainer(keyedBy: Key.self, forKey: "other")
            try inner.encode("x", forKey: "k")
            try list.encode(3)
            for index in 0..<30 { try other.encode(index, forKey: Key(stringValue: "key\(index)")) }
            try inner.encode([1.5], forKey: "l")
            try outer.encode(4, forKey: "last")
            _ = outer.nestedUnkeyedContainer(forKey: "empty")
        }
        struct Expected: Decodable {
            struct Inner: Decodable {
                var k: String
                var l: [Double]
            }
            var list: (Int, Inner, Int)
            var between: Int
            var other: [String: Int]
            var last: Int
            var empty: [Int]

            enum CodingKeys: CodingKey { case list, between, other, last, empty }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                #expect(container.allKeys.count == 5)
                var list = try container.nestedUnkeyedContainer(forKey: .list)
                #expect(list.count == 3)
                self.list = (try list.decode(Int.self), try list.decode(Inner.self), try list.decode(Int.self))
                #expect(list.isAtEnd)
                between = try container.decode(Int.self, forKey: .between)
                let otherContainer = try container.nestedContainer(keyedBy: Key.self, forKey: .other)
                other = Dictionary(
                    uniqueKeysWithValues: try otherContainer.allKeys.map {
                        ($0.stringValue, try otherContainer.decode(Int.self, forKey: $0))
                    })
                last = try container.decode(Int.self, forKey: .last)
                empty = try container.decode([Int].self, forKey: .empty)
            }
        }
        let value = try decode(Expected.self, encode([script, script])[1...].prefix(upTo: encode([script]).count) + [])
        #expect(value.list.0 == 1 && value.list.1.k == "x" && value.list.1.l == [1.5] && value.list.2 == 3)
        #expect(value.between == 2 && value.last == 4 && value.empty.isEmpty)
        #expect(value.other == Dictionary(uniqueKeysWithValues: (0..<30).map { ("key\($0)", $0) }))
    }

    @Test func superEncodersOfArrays() throws {
        let script = Script { encoder in
            var list = encoder.unkeyedContainer()
            let first = list.superEncoder()
            let second = list.superEncoder()
            try list.encode("third")
            try "second".encode(to: second)
            try [1: "first"].encode(to: first)
            #expect(list.count == 3)
        }
        #expect(hex(try encode(script)) == "83a10165666972737466" + "7365636f6e64" + "657468697264")
    }

    @Test func anEntryThatThrowsLeavesNothing() throws {
        struct Failure: Error {}
        let failing = Script { encoder in
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(1, forKey: "a")
            var nested = container.nestedUnkeyedContainer(forKey: "b")
            try nested.encode(2)
            throw Failure()
        }
        let script = Script { encoder in
            var container = encoder.container(keyedBy: Key.self)
            try? container.encode(failing, forKey: "x")
            try container.encode(3, forKey: "y")
        }
        #expect(hex(try encode(script)) == "a1617903")
        #expect(throws: Failure.self) { try encode([failing]) }
    }

    @Test func misuseIsAnError() throws {
        #expect(throws: EncodingError.self) {
            try encode(
                Script { encoder in
                    var container = encoder.singleValueContainer()
                    try container.encode(1)
                    try container.encode(2)
                })
        }
        #expect(throws: EncodingError.self) {
            try encode(
                Script { encoder in
                    var map = encoder.container(keyedBy: Key.self)
                    try map.encode(1, forKey: "a")
                    var list = encoder.unkeyedContainer()
                    try list.encode(2)
                })
        }
        // A container kept after its value was complete.
        #expect(throws: EncodingError.self) {
            try encode(
                Script { encoder in
                    var outer = encoder.unkeyedContainer()
                    var kept: (any UnkeyedEncodingContainer)?
                    try outer.encode(Script { kept = $0.unkeyedContainer() })
                    try kept?.encode(1)
                })
        }
    }

    @Test func decoderMayBeKeptButNotUsed() throws {
        struct Keeper: Decodable {
            let decoder: any Decoder
            let map: KeyedDecodingContainer<Key>
            init(from decoder: any Decoder) throws {
                self.decoder = decoder
                map = try decoder.container(keyedBy: Key.self)
            }
        }
        let keeper = try decode(Keeper.self, "a1616101")
        #expect(throws: CBORError.self) { try keeper.decoder.container(keyedBy: Key.self) }
        #expect(throws: CBORError.self) { try keeper.decoder.singleValueContainer().decode(Int.self) }
        #expect(throws: DecodingError.self) { try keeper.map.decode(Int.self, forKey: "a") }
        #expect(keeper.map.allKeys.isEmpty)
    }

    @Test func keysInAnyOrderAndChunked() throws {
        struct Three: Codable, Equatable {
            var a: Int
            var b: Int
            var c: Int
        }
        for bytes in [
            "a3616303616101616202", "bf616202616101616303ff", "a37f6161ff01d8206162026163 03",
            "a4 80f6 616101616202616303",
        ] {
            #expect(try decode(Three.self, bytes) == Three(a: 1, b: 2, c: 3))
        }
        #expect(throws: DecodingError.self) { try decode(Three.self, "a2616101616202") }
        #expect(try decode([String: Int].self, "a2616101616102") == ["a": 2])
    }

    @Test func aFailedElementCanBeTriedAsAnotherType() throws {
        struct Mixed: Decodable {
            var description = ""
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                while !container.isAtEnd {
                    if let number = try? container.decode(Int.self) {
                        description += "i\(number) "
                    } else if let list = try? container.decode([Int].self) {
                        description += "l\(list.count) "
                    } else if try container.decodeNil() {
                        description += "n "
                    } else {
                        description += try container.decode(String.self)
                    }
                }
                #expect(throws: DecodingError.self) { try container.decode(Int.self) }
                #expect(throws: DecodingError.self) { try container.superDecoder() }
            }
        }
        for bytes in ["85 01 820102 f6 d81c02 6178", "9f 01 820102 f6 d81c02 6178 ff"] {
            #expect(try decode(Mixed.self, bytes).description == "i1 l2 n i2 x")
        }
    }

    @Test func optionalPropertiesMayBeAbsentNullOrUndefined() throws {
        struct Absent: Codable, Equatable {
            var a: Int?
            var b: [Absent]?
            var c: String?
        }
        for bytes in ["a0", "a16161f6", "a26161f7 6162f6", "bf6163f66162f66161f6ff"] {
            #expect(try decode(Absent.self, bytes) == Absent())
        }
        #expect(try decode(Absent.self, "a26163 6178 616107") == Absent(a: 7, c: "x"))
        #expect(try decode(Absent.self, "a16162 81a0") == Absent(b: [Absent()]))
    }
}
