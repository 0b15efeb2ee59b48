import FoundationEssentials
import SwiftMPI
import Testing

/// Objects of which the receiver does not know the type.
@Suite struct CBORValues {
    /// What `cbor2` makes of {"steps": 10, "names": ["a", None, True], 7: 1.5, "x": CBORTag(86, …)}.
    private let settings =
        "a4 657374657073 0a 656e616d6573 83 6161 f6 f5 07 fb3ff8000000000000 6178 d8564800000000000000 40"

    @Test func mixedDictionaries() throws {
        let value = try decode(CBORValue.self, settings)
        #expect(value["steps"] == 10)
        #expect(value["names"] == ["a", nil, true])
        #expect(value["names"]?[0]?.text == "a")
        #expect(value["names"]?[3] == nil)
        #expect(value[7]?.double == 1.5)
        #expect(value[8] == nil)
        #expect(try value["x"]?.decoded(as: [Double].self) == [2])
        #expect(value["none"] == nil)
        #expect(value == ["names": ["a", nil, true], "steps": 10, 7: 1.5, "x": value["x"]!])
        #expect(try decode(CBORValue.self, encode(value)) == value)
        #expect(throws: DecodingError.self) { try value.decoded(as: [String: Int].self) }
    }

    @Test(arguments: [
        "00", "1bffffffffffffffff", "3bffffffffffffffff", "c249010000000000000000", "f5", "f6", "f0", "f8ff",
        "fb3ff8000000000000",
        "60", "6161", "4201ff", "80", "82f601", "a0", "a1a10102f4", "d85640", "d9010281d9d9f701",
        "c1fb41d452d9ec200000", "d82882820202 84 01020304",
    ])
    func asItCame(bytes: String) throws {
        let value = try decode(CBORValue.self, bytes)
        let written = hex(try encode(value))
        // Integers beyond Int are bignums from then on.
        let expected = [
            "1bffffffffffffffff": "c248ffffffffffffffff", "3bffffffffffffffff": "c348ffffffffffffffff",
        ][bytes]
        #expect(written == expected ?? bytes.filter { $0 != " " })
        #expect(try decode(CBORValue.self, written) == value)
    }

    @Test func aStructureOfTheProgram() throws {
        struct Point: Codable, Equatable {
            var x: Double
            var date: Date
        }
        let points = [Point(x: 1, date: Date(timeIntervalSince1970: 5)), Point(x: -2, date: .distantPast)]
        let value = try decode(CBORValue.self, encode(points))
        #expect(value[1]?["x"]?.double == -2)
        #expect(try value.decoded(as: [Point].self) == points)
        #expect(try decode([CBORValue].self, encode(points)) == value.array)
    }

    @Test func depth() throws {
        func nested(_ depth: Int) -> [UInt8] { [UInt8](repeating: 0x81, count: depth) + [5] }
        let deep = try decode(CBORValue.self, nested(10_000))
        #expect(try encode(deep) == nested(10_000))
        for bytes in [nested(20_000), [UInt8](repeating: 0xc6, count: 20_000) + [5]] {
            #expect {
                _ = try decode(CBORValue.self, bytes)
            } throws: {
                ($0 as? CBORError)?.reason == .tooDeep
            }
        }
        var value: CBORValue = 5
        for _ in 0..<20_000 { value = [value] }
        #expect {
            _ = try encode(value)
        } throws: {
            ($0 as? CBORError)?.reason == .tooDeep
        }
    }

    @Test func otherSerializers() throws {
        let value: CBORValue = ["a": [1, 2.5, nil, true], "b": "text"]
        let text = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(CBORValue.self, from: text) == value)
        #expect(throws: EncodingError.self) { try JSONEncoder().encode([CBORValue.tagged(1, 5)]) }
        #expect(throws: EncodingError.self) { try JSONEncoder().encode([1: 2] as CBORValue) }
    }
}
