import Testing

/// Which CBOR numbers a Swift type accepts.
@Suite struct Numbers {
    @Test func integersThatDoNotFit() throws {
        #expect(throws: DecodingError.self) { try decode(UInt8.self, "190100") }
        #expect(throws: DecodingError.self) { try decode(Int8.self, "1880") }
        #expect(try decode(Int8.self, "387f") == -128)
        #expect(throws: DecodingError.self) { try decode(Int8.self, "3880") }
        #expect(throws: DecodingError.self) { try decode(UInt.self, "20") }
        #expect(throws: DecodingError.self) { try decode([UInt8].self, "8119 0100") }
    }

    @Test func integersAreNotFloats() throws {
        do {
            _ = try decode(Int.self, "fb4008000000000000")
            Issue.record("3.0 was taken for an Int")
        } catch DecodingError.typeMismatch {}
        #expect(throws: DecodingError.self) { try decode([Int].self, "d85648 0000000000000840") }
    }

    @Test func floatsFromIntegers() throws {
        #expect(try decode(Double.self, "03") == 3)
        #expect(try decode(Float.self, "3903e7") == -1000)
        #expect(try decode(Double.self, "1b0020000000000000") == 0x1p53)
        #expect(throws: DecodingError.self) { try decode(Double.self, "1b0020000000000001") }
        #expect(throws: DecodingError.self) { try decode(Float.self, "1a01000001") }
        #expect(try decode([Double].self, "8301f9380020") == [1, 0.5, -1])
    }

    @Test func floatsAreRoundedButNotToInfinity() throws {
        #expect(try decode(Float.self, "fb3ff199999999999a") == 1.1)
        #expect(try decode(Float.self, "fb7ff0000000000000") == .infinity)
        #expect(throws: DecodingError.self) { try decode(Float.self, "fb7e37e43c8800759c") }
    }

    @Test func bignums() throws {
        #expect(try decode(Int.self, "c24101") == 1)
        #expect(try decode(UInt64.self, "c24a0000ffffffffffffffff") == .max)
        #expect(try decode(Int64.self, "c3487fffffffffffffff") == .min)
        #expect(try decode(Double.self, "c240") == 0)
        #expect(throws: DecodingError.self) { try decode(Int64.self, "c3488000000000000000") }
        #expect(throws: DecodingError.self) { try decode(Int.self, "4101") }
    }

    @Test func wideIntegers() throws {
        for (bytes, value) in [
            ("00", 0), ("20", -1), ("1bffffffffffffffff", 0xffff_ffff_ffff_ffff), ("3bffffffffffffffff", -1 << 64),
            ("c249010000000000000000", 1 << 64), ("c349010000000000000000", -1 - (1 << 64)),
            ("c2507fffffffffffffffffffffffffffffff", .max), ("c3507fffffffffffffffffffffffffffffff", .min),
        ] as [(String, Int128)] {
            #expect(hex(try encode(value)) == bytes)
            #expect(try decode(Int128.self, bytes) == value)
            #expect(try decode([String: [Int128?]].self, encode(["x": [value, nil]])) == ["x": [value, nil]])
            if value >= 0 { #expect(try decode(UInt128.self, encode(UInt128(value))) == UInt128(value)) }
        }
        #expect(hex(try encode(UInt128.max)) == "c250" + String(repeating: "ff", count: 16))
        #expect(try decode(UInt128.self, encode(UInt128.max)) == .max)
        #expect(try decode(UInt128.self, "c2520000" + String(repeating: "ff", count: 16)) == .max)
        struct Wide: Codable, Equatable {
            var id: UInt128
            var maybe: Int128?
        }
        for value in [Wide(id: .max), Wide(id: 1, maybe: .min)] {
            #expect(try decode(Wide.self, encode(value)) == value)
            #expect(try decode(Set<Int128>.self, encode(Set([Int128.min, 0, 1]))) == [.min, 0, 1])
            #expect(try decode(Range<UInt128>.self, encode(0..<UInt128.max)) == 0..<UInt128.max)
        }
    }

    @Test func wideIntegersThatDoNotFit() throws {
        #expect(throws: DecodingError.self) { try decode(Int128.self, encode(UInt128.max)) }
        #expect(throws: DecodingError.self) { try decode(UInt128.self, encode(Int128.min)) }
        #expect(throws: DecodingError.self) { try decode(UInt128.self, "20") }
        #expect(throws: DecodingError.self) { try decode(Int128.self, "c251" + String(repeating: "01", count: 17)) }
        #expect(throws: DecodingError.self) { try decode(Int128.self, "fb4008000000000000") }
        #expect(throws: DecodingError.self) { try decode(Int128.self, "4101") }
        #expect(throws: DecodingError.self) { try decode(Int.self, encode(Int128.max)) }
    }

    @Test func halfFloats() throws {
        for bits in stride(from: UInt16.min, through: 0xffff, by: 7) {
            let value = Float16(bitPattern: bits)
            let bytes = try encode(value)
            #expect(bytes.count == 3)
            let copy = try decode(Float16.self, bytes)
            #expect(copy.isNaN ? value.isNaN : copy.bitPattern == bits)
        }
        #expect(hex(try encode([1.5, -2] as [Float16])) == "d85444003e00c0")
        #expect(hex(try encode([1.5] as [Float16], typedArrays: false)) == "81f93e00")
        for bytes in ["d85444003e00c0", "d850443e00c000", "82f93e0021", "d85548 0000c03f 000000c0"] {
            #expect(try decode([Float16].self, bytes) == [1.5, -2])
            #expect(try decode([Double].self, bytes) == [1.5, -2])
        }
        #expect(try decode(Float16.self, "fb3ff199999999999a") == 1.1)
        #expect(throws: DecodingError.self) { try decode(Float16.self, "fa47c35000") }  // 100000
        #expect(throws: DecodingError.self) { try decode(Float16.self, "1a000186a0") }
        #expect(throws: DecodingError.self) { try decode([Float16].self, "d85544 0050c347") }
    }
}
