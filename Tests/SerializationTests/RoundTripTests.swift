import FoundationEssentials
import Testing

/// What is sent arrives, both with and without typed arrays.
@Suite struct RoundTrip {
    private func expectRoundTrip<T: Codable & Equatable>(_ value: T, _ location: SourceLocation = #_sourceLocation)
        throws
    {
        for typedArrays in [true, false] {
            let bytes = try encode(value, typedArrays: typedArrays)
            #expect(try decode(T.self, bytes) == value, sourceLocation: location)
        }
    }

    @Test func integerExtremes() throws {
        func check<I: FixedWidthInteger & Codable>(_: I.Type) throws {
            for value in [I.min, I.min + 1, 0, 1, 23, 24, I.max / 2, I.max - 1, I.max] {
                try expectRoundTrip(value)
                try expectRoundTrip([value, value])
                try expectRoundTrip([value: [value]])
            }
        }
        try check(Int.self)
        try check(Int8.self)
        try check(Int16.self)
        try check(Int32.self)
        try check(Int64.self)
        try check(UInt.self)
        try check(UInt8.self)
        try check(UInt16.self)
        try check(UInt32.self)
        try check(UInt64.self)
    }

    @Test func everyArgumentWidthIsShortest() throws {
        for (value, size) in [(23, 1), (24, 2), (255, 2), (256, 3), (65535, 3), (65536, 5), (4_294_967_295, 5)] {
            #expect(try encode(value).count == size)
            #expect(try encode(-1 - value).count == size)
        }
        #expect(try encode(4_294_967_296).count == 9)
    }

    @Test func floatBitPatterns() throws {
        let doubles: [UInt64] = [
            0, 1, 0x8000_0000_0000_0000, 0x7ff0_0000_0000_0000, 0xfff0_0000_0000_0000, 0x7ff8_0000_0000_0001,
            0xfff8_dead_beef_0001, 0x7ff0_0000_0000_0001, 0x000f_ffff_ffff_ffff, 0x7fef_ffff_ffff_ffff,
        ]
        for bits in doubles {
            let value = Double(bitPattern: bits)
            #expect(try decode(Double.self, encode(value)).bitPattern == bits)
            for typedArrays in [true, false] {
                let array = try decode([Double].self, encode([value], typedArrays: typedArrays))
                #expect(array.map(\.bitPattern) == [bits])
            }
        }
        for bits in [0, 1, 0x8000_0000, 0x7f80_0000, 0x7fc0_0001, 0xffc1_2345, 0x7f80_0001, 0x7f7f_ffff] as [UInt32] {
            #expect(try decode(Float.self, encode(Float(bitPattern: bits))).bitPattern == bits)
        }
    }

    @Test func everyHalfFloat() throws {
        for bits in UInt16.min...UInt16.max {
            let value = try decode(Float.self, [0xf9, UInt8(bits >> 8), UInt8(bits & 0xff)])
            let expected = Float(Float16(bitPattern: bits))
            #expect(value == expected || value.isNaN && expected.isNaN)
            #expect(value.sign == expected.sign)
        }
    }

    @Test func strings() throws {
        for text in [
            "", "a", "fifteen bytes..", "sixteen bytes...", "naïve café", "e\u{301}", "👩‍👩‍👧‍👦 🏳️‍🌈", "\0", "日本語",
            String(repeating: "x", count: 300), String(repeating: "é", count: 70_000),
        ] {
            try expectRoundTrip(text)
            try expectRoundTrip([text: text])
            #expect(Array(try decode(String.self, encode(text)).utf8) == Array(text.utf8))
        }
    }

    @Test func emptyContainers() throws {
        struct Nothing: Codable, Equatable {}
        try expectRoundTrip([] as [Int])
        try expectRoundTrip([] as [String])
        try expectRoundTrip([[]] as [[Bool]])
        try expectRoundTrip([:] as [String: Int])
        try expectRoundTrip(["": [:]] as [String: [Int: Bool]])
        try expectRoundTrip(Set<Int>())
        try expectRoundTrip(Data())
        try expectRoundTrip(Nothing())
        try expectRoundTrip([Nothing(), Nothing()])
    }

    @Test(arguments: [0, 1, 22, 23, 24, 25, 255, 256, 257, 65_535, 65_536])
    func countsAroundHeaderSizes(count: Int) throws {
        struct Element: Codable, Hashable { var index: Int }
        let elements = (0..<count).map(Element.init)
        try expectRoundTrip(elements)
        try expectRoundTrip([elements])
        try expectRoundTrip(Set(elements))  // an unkeyed container, whose count is known at the end only
        try expectRoundTrip(ContiguousArray(elements))
        try expectRoundTrip(Dictionary(uniqueKeysWithValues: elements.map { ("\($0.index)", $0) }))
    }

    @Test func optionals() throws {
        struct Record: Codable, Equatable {
            var present: Int?
            var absent: Int?
            var inner: [String?]
            var table: [String: Double?]
        }
        try expectRoundTrip(Record(present: 1, absent: nil, inner: ["a", nil], table: ["x": 1.5, "y": nil]))
        try expectRoundTrip(nil as Int?)
        try expectRoundTrip([nil, 1.5, nil] as [Double?])
        try expectRoundTrip([[nil], nil] as [[Bool?]?])
        #expect(hex(try encode(nil as [Double]?)) == "f6")
        #expect(try encode(Record(present: nil, absent: nil, inner: [], table: [:])).first == 0xa2)
    }

    enum Color: String, Codable, CodingKeyRepresentable { case red, green }

    @Test func dictionaryKeys() throws {
        struct Point: Codable, Hashable {
            var x: Int
            var y: Int
        }
        try expectRoundTrip(["a": 1, "42": 2])
        try expectRoundTrip([-1: "a", 1_000_000: "b"])
        try expectRoundTrip([1.5: "a"])
        try expectRoundTrip([true: 1, false: 0])
        try expectRoundTrip([Color.red: 1, .green: 2])
        try expectRoundTrip([Point(x: 1, y: 2): "p", Point(x: 3, y: 4): "q"])
        try expectRoundTrip([UUID(): Date(timeIntervalSince1970: 1)])
        #expect(hex(try encode(["42": 2])) == "a162343202")
        #expect(hex(try encode([42: 2])) == "a1182a02")
        #expect(hex(try encode([Color.red: 1])) == "a16372656401")
        // What Codable itself makes of keys that are neither strings nor Ints.
        #expect(try decode([Double: String].self, "82f93e006161") == [1.5: "a"])
        #expect(try decode([Int8: Int8].self, "9f01020304ff") == [1: 2, 3: 4])
    }

    /// In a map its coding key stands for it, elsewhere it is a structure.
    struct Name: Codable, Hashable, CodingKeyRepresentable {
        var given: String
        var family: String

        init(_ given: String, _ family: String) { (self.given, self.family) = (given, family) }

        init?<Key: CodingKey>(codingKey: Key) {
            let parts = codingKey.stringValue.split(separator: " ")
            guard parts.count == 2 else { return nil }
            self.init(String(parts[0]), String(parts[1]))
        }

        var codingKey: any CodingKey { Containers.Key(stringValue: "\(given) \(family)") }
    }

    enum Level: Int, Codable, CodingKeyRepresentable { case low = -1, high = 1 }

    @Test func keysThatCodingKeysStandFor() throws {
        try expectRoundTrip([Name("Ada", "L"): [1.5], Name("Alan", "T"): []])
        #expect(hex(try encode([Name("A", "B"): 1])) == "a163412042" + "01")
        try expectRoundTrip([Level.low: "l", .high: "h"])
        #expect(hex(try encode([Level.low: 1])) == "a120" + "01")
        #expect(try decode([Name: Int].self, "a1 7f 6141 622042 ff 01") == [Name("A", "B"): 1])
        // As a structure.
        #expect(try decode([Name: Int].self, "a1 a2 65676976656e 6141 6666616d696c79 6142 01") == [Name("A", "B"): 1])
        #expect(throws: DecodingError.self) { try decode([Name: Int].self, "a1 6141 01") }
        #expect(throws: DecodingError.self) { try decode([Level: Int].self, "a1 07 01") }
        #expect(throws: DecodingError.self) { try decode([Level: Int].self, "a1 1bffffffffffffffff 01") }
    }

    /// As in every format that writes the absence of a value as one thing.
    @Test func nestedOptionalsAreFlattened() throws {
        try expectRoundTrip([[1, nil], nil] as [[Int?]?])
        #expect(try decode(Int??.self, encode(1 as Int??)) == .some(1))
        #expect(try decode(Int??.self, encode(Int??.some(nil))) == Int??.none)
    }

    @Test func foundationValues() throws {
        try expectRoundTrip(Date(timeIntervalSince1970: 1_700_000_000.25))
        try expectRoundTrip(Date(timeIntervalSince1970: -1e9))
        try expectRoundTrip([Date(timeIntervalSince1970: 0)])
        try expectRoundTrip(Data(0...255))
        try expectRoundTrip(["d": Data([1])])
        try expectRoundTrip(UUID())
        try expectRoundTrip(URL(string: "https://example.org/a?b#c")!)
        try expectRoundTrip(URL(string: "x?y", relativeTo: URL(string: "https://example.org/a/")))
        try expectRoundTrip(Set(["a", "b"]))
        try expectRoundTrip(Decimal(string: "-12345.678901234567890123456789")!)
        #expect(abs(try decode(Date.self, encode(Date.now)).timeIntervalSinceNow) < 10)
    }

    @Test func enumsAndGenerics() throws {
        enum Shape: Codable, Equatable {
            case point
            case circle(radius: Double)
            case polygon([SIMD2<Double>], closed: Bool)
            indirect case group(Shape, Shape?)
        }
        enum Level: Int, Codable {
            case low = -1
            case high = 1000
        }
        try expectRoundTrip(Shape.point)
        try expectRoundTrip([
            Shape.circle(radius: .pi), .polygon([[0, 1], [2, 3]], closed: true),
            .group(.point, .group(.circle(radius: 0), nil)),
        ])
        try expectRoundTrip([Level.low, .high])
        try expectRoundTrip(SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7))
        try expectRoundTrip(0.5..<1.5)
        try expectRoundTrip(ContiguousArray([1.5, 2.5]))
    }

    @Test func nestedStructures() throws {
        struct Particle: Codable, Equatable {
            var id: UInt32
            var position: [Double]
            var name: String
            var bonds: [String: [Int32]]
        }
        struct System: Codable, Equatable {
            enum CodingKeys: Int, CodingKey {
                case title = 1
                case particles = 2
                case box = -3
            }
            var title: String
            var particles: [Particle]
            var box: [[Float]]
        }
        let particle = Particle(id: 7, position: [1, 2, 3], name: "H", bonds: ["O": [1, -2]])
        try expectRoundTrip(System(title: "water", particles: [particle, particle], box: [[1, 0], [0, 1]]))
        #expect(hex(try encode(System(title: "", particles: [], box: []))) == "a3016002802280")
    }

    @Test func arbitraryTrees() throws {
        var random = SplitMix64(state: 1)
        func tree(_ depth: Int) -> Tree {
            switch random.next() % (depth > 0 ? 8 : 6) {
            case 0: .null
            case 1: .bool(true)
            case 2: .int(Int64(bitPattern: random.next() >> (random.next() % 64)))
            case 3: .unsigned(random.next() | 1 << 63)
            case 4: .double(Exact(.random(in: -1...1, using: &random)))
            case 5: .text(String(random.next(), radix: 36))
            case 6: .array((0..<random.next() % 30).map { _ in tree(depth - 1) })
            default:
                .map(
                    Dictionary(
                        (0..<random.next() % 30).map { _ in (String(random.next() % 99), tree(depth - 1)) },
                        uniquingKeysWith: { $1 }))
            }
        }
        for _ in 0..<200 { try expectRoundTrip(tree(3)) }
    }
}
