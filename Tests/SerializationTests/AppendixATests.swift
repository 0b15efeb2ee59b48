import FoundationEssentials
import Testing

/// The examples of RFC 8949, Appendix A.
@Suite struct AppendixA {
    @Test(arguments: [
        ("00", 0), ("01", 1), ("0a", 10), ("17", 23), ("1818", 24), ("1819", 25), ("1864", 100), ("1903e8", 1000),
        ("1a000f4240", 1_000_000), ("1b000000e8d4a51000", 1_000_000_000_000),
        ("20", -1), ("29", -10), ("3863", -100), ("3903e7", -1000),
    ])
    func integers(bytes: String, value: Int) throws {
        #expect(try decode(Int.self, bytes) == value)
        #expect(hex(try encode(value)) == bytes)
    }

    @Test func largeIntegers() throws {
        #expect(try decode(UInt64.self, "1bffffffffffffffff") == .max)
        #expect(hex(try encode(UInt64.max)) == "1bffffffffffffffff")
        #expect(throws: DecodingError.self) { try decode(Int64.self, "3bffffffffffffffff") }
        #expect(try decode(Double.self, "3bffffffffffffffff") == -0x1p64)
        #expect(throws: DecodingError.self) { try decode(UInt64.self, "c249010000000000000000") }
        #expect(throws: DecodingError.self) { try decode(Int64.self, "c349010000000000000000") }
    }

    @Test(arguments: [
        ("f90000", 0.0), ("f93c00", 1.0), ("f93e00", 1.5), ("f97bff", 65504.0), ("f90001", 0x1p-24),
        ("f90400", 0x1p-14), ("f9c400", -4.0), ("fb3ff199999999999a", 1.1), ("fa47c35000", 100000.0),
        ("fa7f7fffff", 3.4028234663852886e+38), ("fb7e37e43c8800759c", 1.0e+300), ("fbc010666666666666", -4.1),
        ("f97c00", .infinity), ("f9fc00", -.infinity), ("fa7f800000", .infinity), ("faff800000", -.infinity),
        ("fb7ff0000000000000", .infinity), ("fbfff0000000000000", -.infinity),
    ])
    func floats(bytes: String, value: Double) throws {
        #expect(try decode(Double.self, bytes) == value)
        if bytes.hasPrefix("fb") { #expect(hex(try encode(value)) == bytes) }
        if bytes.hasPrefix("fa") { #expect(hex(try encode(Float(value))) == bytes) }
    }

    @Test func specialFloats() throws {
        #expect(try decode(Double.self, "f98000").bitPattern == (-0.0).bitPattern)
        for bytes in ["f97e00", "fa7fc00000", "fb7ff8000000000000"] {
            #expect(try decode(Double.self, bytes).isNaN)
            #expect(try decode(Float.self, bytes).isNaN)
        }
    }

    @Test func simpleValues() throws {
        #expect(try decode(Bool.self, "f4") == false)
        #expect(try decode(Bool.self, "f5") == true)
        #expect(try decode(Int?.self, "f6") == nil)
        #expect(try decode(Int?.self, "f7") == nil)
        for bytes in ["f0", "f8ff"] { #expect(throws: DecodingError.self) { try decode(Bool.self, bytes) } }
        #expect(hex(try encode([false, true, nil] as [Bool?])) == "83f4f5f6")
    }

    @Test func tags() throws {
        let date = Date(timeIntervalSince1970: 1_363_896_240)
        #expect(try decode(Date.self, "c074323031332d30332d32315432303a30343a30305a") == date)
        #expect(try decode(Date.self, "c11a514b67b0") == date)
        #expect(try decode(Date.self, "c1fb41d452d9ec200000") == date + 0.5)
        #expect(try decode([UInt8].self, "d74401020304") == [1, 2, 3, 4])
        #expect(try decode(Data.self, "d818456449455446") == Data(hex("6449455446")))
        let address = "d82076687474703a2f2f7777772e6578616d706c652e636f6d"
        #expect(try decode(String.self, address) == "http://www.example.com")
    }

    @Test(arguments: [
        ("60", ""), ("6161", "a"), ("6449455446", "IETF"), ("62225c", "\"\\"), ("62c3bc", "\u{fc}"),
        ("63e6b0b4", "\u{6c34}"), ("64f0908591", "\u{10151}"),
    ])
    func text(bytes: String, value: String) throws {
        #expect(try decode(String.self, bytes) == value)
        #expect(hex(try encode(value)) == bytes)
    }

    @Test(arguments: [("40", []), ("4401020304", [1, 2, 3, 4] as [UInt8])])
    func bytes(bytes: String, value: [UInt8]) throws {
        #expect(try decode([UInt8].self, bytes) == value)
        #expect(hex(try encode(value)) == bytes)
        #expect(try decode(Data.self, bytes) == Data(value))
        #expect(hex(try encode(Data(value))) == bytes)
    }

    @Test func arrays() throws {
        #expect(try decode([Int].self, "80") == [])
        #expect(try decode([Int].self, "83010203") == [1, 2, 3])
        #expect(hex(try encode([1, 2, 3], typedArrays: false)) == "83010203")
        let counting = "98190102030405060708090a0b0c0d0e0f101112131415161718181819"
        #expect(try decode([Int].self, counting) == Array(1...25))
        #expect(hex(try encode(Array(1...25), typedArrays: false)) == counting)
        #expect(try decode(Tree.self, "8301820203820405") == .array([.int(1), nested(2, 3), nested(4, 5)]))
    }

    @Test func maps() throws {
        #expect(try decode([String: Int].self, "a0") == [:])
        #expect(try decode([Int: Int].self, "a201020304") == [1: 2, 3: 4])
        #expect(try decode(Tree.self, "a26161016162820203") == .map(["a": .int(1), "b": nested(2, 3)]))
        #expect(try decode(Tree.self, "826161a161626163") == .array([.text("a"), .map(["b": .text("c")])]))
        #expect(
            try decode([String: String].self, "a56161614161626142616361436164614461656145")
                == ["a": "A", "b": "B", "c": "C", "d": "D", "e": "E"])
    }

    @Test func indefiniteLengths() throws {
        #expect(try decode([UInt8].self, "5f42010243030405ff") == [1, 2, 3, 4, 5])
        #expect(try decode(Data.self, "5f42010243030405ff") == Data([1, 2, 3, 4, 5]))
        #expect(try decode(String.self, "7f657374726561646d696e67ff") == "streaming")
        #expect(try decode([Int].self, "9fff") == [])
        let expected = Tree.array([.int(1), nested(2, 3), nested(4, 5)])
        for bytes in ["9f018202039f0405ffff", "9f01820203820405ff", "83018202039f0405ff", "83019f0203ff820405"] {
            #expect(try decode(Tree.self, bytes) == expected)
        }
        let counting = "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff"
        #expect(try decode([Int].self, counting) == Array(1...25))
        #expect(try decode(Tree.self, "bf61610161629f0203ffff") == .map(["a": .int(1), "b": nested(2, 3)]))
        #expect(try decode(Tree.self, "826161bf61626163ff") == .array([.text("a"), .map(["b": .text("c")])]))
        let boolAndInt = try decode(FunAmt.self, "bf6346756ef563416d7421ff")
        #expect(boolAndInt == FunAmt(Fun: true, Amt: -2))
    }

    private struct FunAmt: Codable, Equatable {
        var Fun: Bool
        var Amt: Int
    }

    private func nested(_ first: Int64, _ second: Int64) -> Tree { .array([.int(first), .int(second)]) }
}
