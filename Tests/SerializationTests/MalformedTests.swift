import FoundationEssentials
import SwiftMPI
import Testing

/// Bytes that no serializer wrote, or that were damaged on the way.
@Suite struct Malformed {
    @Test(arguments: [
        // Reserved additional information.
        ("1c", CBORError.Reason.malformed, 0), ("5d", .malformed, 0), ("82013e", .malformed, 2), ("fc", .malformed, 0),
        // Indefinite lengths where there are none, breaks that end nothing, simple values in a byte too many.
        ("1f", .malformed, 0), ("3f", .malformed, 0), ("df00", .malformed, 0), ("ff", .malformed, 0),
        ("81ff", .malformed, 1), ("bf01ff", .malformed, 2), ("f818", .malformed, 0), ("f800", .malformed, 0),
        // Chunks of another kind, and chunks in chunks.
        ("5f6161ff", .malformed, 1), ("7f4161ff", .malformed, 1), ("5f5f4101ffff", .malformed, 1),
        ("5fc14101ff", .malformed, 1), ("7f01ff", .malformed, 1),
        // Ends too early or too late.
        ("", .truncated, 0), ("18", .truncated, 1), ("1b00000000000000", .truncated, 1), ("c1", .truncated, 1),
        ("6261", .truncated, 0), ("8201", .truncated, 0), ("a101", .truncated, 0), ("9f01", .truncated, 2),
        ("5f4101", .truncated, 3), ("0000", .trailingBytes, 1), ("8001", .trailingBytes, 1),
        // Lengths no message can have.
        ("5bffffffffffffffff00", .truncated, 0), ("7b7fffffffffffffff", .truncated, 0), ("9affffffff", .truncated, 0),
        ("9b7fffffffffffffff00", .truncated, 0), ("bbffffffffffffffff0000", .truncated, 0),
        ("bb80000000000000000000", .truncated, 0), ("d8565b7ffffffffffffff8", .truncated, 2),
    ])
    func notWellFormed(bytes: String, reason: CBORError.Reason, offset: Int) throws {
        let expected = CBORError(reason: reason, offset: offset)
        #expect(throws: expected) { try decode(Tree.self, bytes) }
        #expect(throws: expected) { try decode([Double].self, bytes) }
        #expect(throws: expected) { try decode(String.self, bytes) }
    }

    @Test func invalidText() throws {
        for bytes in ["61ff", "62c328", "63eda080", "64f8808080", "7f61c361bcff"] {
            #expect(throws: CBORError.self) { try decode(String.self, bytes) }
            #expect(throws: CBORError.self) { try decode([String: Int].self, "a1" + bytes + "01") }
        }
    }

    @Test func errorsSayWhereAndWhat() throws {
        #expect(
            "\(CBORError(reason: .trailingBytes, offset: 7))"
                == "CBOR: there are bytes left over after the object, at byte 7; the message of an uppercase call, "
                + "such as Send, has to be received by one, such as Recv")
        #expect(
            "\(CBORError(reason: .tooDeep, offset: 7))"
                == "CBOR: the object is nested more deeply than the serializer's maximumDepth allows, at byte 7")
    }

    /// A message with some of everything.
    private struct Zoo: Codable, Equatable {
        var numbers = [1.5, -2.5]
        var words: [String?] = ["a", nil, "längeres Wort, mehr als 23 Byte"]
        var table: [String: [Int: Bool]] = ["t": [7: true, -700: false]]
        var date = Date(timeIntervalSince1970: 1_700_000_000.5)
        var data = Data([1, 2, 3])
        var uuid = UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF")!
        var small: Int8 = -128
        var large = UInt64.max
        var single: Float = 1.1
        var tree = Tree.array([.map(["k": .double(0.1)]), .int(-1), .text("x")])
    }

    /// Well-formed, and the same value with every kind of indefinite length.
    private static let indefinite = hex(
        "bf 61 61 9f 01 9f ff ff 7f 61 62 ff bf 61 63 5f 41 01 40 ff ff 61 64 7f 60 61 78 ff c0 61 65 c1 f9 3c 00 ff")

    @Test func everyTruncationThrows() throws {
        for bytes in [try encode(Zoo()), try encode(Zoo(), typedArrays: false)] {
            #expect(try decode(Zoo.self, bytes) == Zoo())
            for end in bytes.indices {
                #expect(throws: CBORError.self) { try decode(Zoo.self, Array(bytes[..<end])) }
            }
        }
        struct Nothing: Decodable {}
        _ = try decode(Nothing.self, Self.indefinite)
        for end in Self.indefinite.indices {
            #expect(throws: CBORError.self) { try decode(Nothing.self, Array(Self.indefinite[..<end])) }
        }
    }

    @Test func mutationsAreHandled() throws {
        var random = SplitMix64(state: 42)
        let originals = [try encode(Zoo()), try encode(Zoo(), typedArrays: false), Self.indefinite]
        var accepted = 0
        for _ in 0..<200_000 {
            var bytes = originals.randomElement(using: &random)!
            for _ in 0...Int.random(in: 0...2, using: &random) {
                bytes[bytes.indices.randomElement(using: &random)!] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                if Bool.random(using: &random) {
                    _ = try decode(Zoo.self, bytes)
                } else {
                    _ = try decode(Tree.self, bytes)
                }
                accepted += 1
            } catch is CBORError {
            } catch is DecodingError {
            }
        }
        #expect(accepted > 1000)
    }

    @Test func randomBytesAreHandled() throws {
        var random = SplitMix64(state: 7)
        for _ in 0..<50_000 {
            let bytes = (0..<Int.random(in: 1...24, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            do {
                _ = try decode(Tree.self, bytes)
            } catch is CBORError {
            } catch is DecodingError {
            }
        }
    }

    @Test(arguments: ["81", "9f", "a100", "bf00", "a1", "c1", "d8ff", "5f", "7f"])
    func bombs(unit: String) throws {
        let bytes = Array(Array(repeating: hex(unit), count: 200_000).joined())
        #expect(throws: CBORError.self) { try decode(Tree.self, bytes) }
        #expect(throws: CBORError.self) { try decode([[[Int]]].self, bytes) }
        // Well-formed, and in something that is not decoded.
        struct Nothing: Decodable {}
        let closed = ["81": "00", "a100": "00", "c1": "00", "d8ff": "00"][unit]
        if let closed { _ = try decode(Nothing.self, [0xa1, 0x61, 0x78] + bytes + hex(closed)) }
    }

    @Test func manyTagsAreNotManyLevels() throws {
        let remarks = Array(Array(repeating: hex("d9d9f7"), count: 100_000).joined())
        #expect(try decode(Int.self, remarks + [1]) == 1)
        #expect(throws: DecodingError.self) { try decode(Int.self, Array(repeating: 0xc6, count: 100_000) + [1]) }
    }

    @Test func datesThatAreNone() throws {
        for text in [
            "2013-02-29T00:00:00Z", "2013-03-21", "2013-03-21T20:04:00", "2013-03-21T24:00:00Z", "x",
            "2013-03-21T20:04:00.Z",
        ] {
            let bytes = [0xc0] + (try encode(text))
            #expect(throws: DecodingError.self) { try decode(Date.self, bytes) }
        }
        #expect(throws: DecodingError.self) { try decode(Date.self, "6178") }
    }
}
