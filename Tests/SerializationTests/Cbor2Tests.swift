import FoundationEssentials
import Testing

/// Bytes that Python's `cbor2` 6.2.1 wrote with `cbor2.dumps`.
@Suite struct Cbor2 {
    @Test func structure() throws {
        struct Pair: Codable, Equatable {
            var a: Int
            var b: Double
        }
        // {'a': 7, 'b': 3.14}
        let bytes = "a26161076162fb40091eb851eb851f"
        #expect(try decode(Pair.self, bytes) == Pair(a: 7, b: 3.14))
        #expect(hex(try encode(Pair(a: 7, b: 3.14))) == bytes)
        #expect(try decode([String: Double].self, bytes) == ["a": 7, "b": 3.14])
        // {'a': 1, 'b': [1.5, 2.5]}, canonical=True
        #expect(
            try decode(Tree.self, "a2616101616282f93e00f94100")
                == .map(["a": .int(1), "b": .array([.double(1.5), .double(2.5)])]))
    }

    @Test func listsAndTuples() throws {
        // [1, 2.5, None, True, 'é']
        #expect(
            try decode([Tree].self, "8501fb4004000000000000f6f562c3a9")
                == [.int(1), .double(2.5), .null, .bool(true), .text("é")])
        // (1, 2)
        #expect(try decode([Int].self, "820102") == [1, 2])
        // [0.0, -0.0, 1e300]
        #expect(
            try decode([Double].self, "83fb0000000000000000fb8000000000000000fb7e37e43c8800759c") == [0, -0, 1e300])
        // list(range(30))
        let thirty = "981e000102030405060708090a0b0c0d0e0f101112131415161718181819181a181b181c181d"
        #expect(try decode([Int].self, thirty) == Array(0..<30))
        #expect(hex(try encode(Array(0..<30), typedArrays: false)) == thirty)
    }

    @Test func dictionaries() throws {
        // {1: 'a', -2: 'b'}
        #expect(try decode([Int: String].self, "a2016161216162") == [1: "a", -2: "b"])
        #expect(try decode([Int8: String].self, "a2016161216162") == [1: "a", -2: "b"])
        // {(1, 2): 'x'}
        #expect(try decode([[Int]: String].self, "a18201026178") == [[1, 2]: "x"])
        // {'name': 'x', 'inner': {'list': [1, [2, [3]]]}}
        #expect(
            try decode(Tree.self, "a2646e616d65617865696e6e6572a1646c697374820182028103")
                == .map([
                    "name": .text("x"),
                    "inner": .map(["list": .array([.int(1), .array([.int(2), .array([.int(3)])])])]),
                ]))
    }

    @Test func numbers() throws {
        #expect(try decode(UInt64.self, "1bffffffffffffffff") == .max)  // 2**64 - 1
        #expect(try decode(Int64.self, "3b7fffffffffffffff") == .min)  // -2**63
        #expect(throws: DecodingError.self) { try decode(UInt64.self, "c249010000000000000000") }  // 2**64
        #expect(try decode(Double.self, "f97e00").isNaN)  // float('nan')
        #expect(try decode(Double.self, "f97c00") == .infinity)  // float('inf')
        #expect(try decode(Double.self, "fb4008000000000000") == 3)  // 3.0
    }

    @Test func datesAndIdentifiers() throws {
        let date = Date(timeIntervalSince1970: 1_363_896_240)
        // datetime(2013, 3, 21, 20, 4, 0, 500000, tzinfo=utc), as text and as a timestamp
        #expect(try decode(Date.self, "c0781b323031332d30332d32315432303a30343a30302e3530303030305a") == date + 0.5)
        #expect(try decode(Date.self, "c1fb41d452d9ec200000") == date + 0.5)
        #expect(hex(try encode(date + 0.5)) == "c1fb41d452d9ec200000")
        // datetime(2013, 3, 21, 20, 4, tzinfo=timezone(timedelta(hours=1)))
        #expect(try decode(Date.self, "c07819323031332d30332d32315432303a30343a30302b30313a3030") == date - 3600)
        // UUID('00112233-4455-6677-8899-aabbccddeeff')
        let uuid = try #require(UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF"))
        #expect(try decode(UUID.self, "d8255000112233445566778899aabbccddeeff") == uuid)
        #expect(hex(try encode(uuid)) == "d8255000112233445566778899aabbccddeeff")
        #expect(try decode(UUID.self, encode(uuid.uuidString)) == uuid)
    }

    @Test func daysOfTheCalendar() throws {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0.0), ("1969-12-31T23:59:59.75Z", -0.25), ("2000-02-29T12:00:00Z", 951_825_600),
            ("2100-03-01t00:00:00z", 4_107_542_400), ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799), ("2016-12-31 23:59:60Z", 1_483_228_800),
            ("2024-01-01T00:30:00-05:30", 1_704_088_800),
        ] {
            let bytes = [0xc0] + (try encode(text))
            #expect(try decode(Date.self, bytes) == Date(timeIntervalSince1970: seconds), "\(text)")
        }
    }
}
