import Testing

/// Typed arrays, RFC 8746.
@Suite struct TypedArrays {
    @Test func tags() throws {
        #expect(hex(try encode([1, -2] as [Int8])) == "d8484201fe")
        #expect(hex(try encode([1] as [UInt16])) == "d845420100")
        #expect(hex(try encode([1] as [UInt32])) == "d8464401000000")
        #expect(hex(try encode([1] as [UInt64])) == "d847480100000000000000")
        #expect(hex(try encode([1] as [UInt])) == "d847480100000000000000")
        #expect(hex(try encode([-2] as [Int16])) == "d84d42feff")
        #expect(hex(try encode([-2] as [Int32])) == "d84e44feffffff")
        #expect(hex(try encode([-2] as [Int64])) == "d84f48feffffffffffffff")
        #expect(hex(try encode([-2])) == "d84f48feffffffffffffff")
        #expect(hex(try encode([1.5] as [Float])) == "d855440000c03f")
        #expect(hex(try encode([1.5])) == "d85648000000000000f83f")
        #expect(hex(try encode([] as [Double])) == "d85640")
        #expect(hex(try encode([true])) == "81f5")
    }

    @Test func bytesAreAByteString() throws {
        #expect(hex(try encode([1, 255] as [UInt8])) == "4201ff")
        #expect(hex(try encode([1, 255] as [UInt8], typedArrays: false)) == "4201ff")
        for bytes in ["4201ff", "d8404201ff", "d8444201ff", "820118ff", "5f410141ffff"] {
            #expect(try decode([UInt8].self, bytes) == [1, 255])
        }
    }

    @Test func asLists() throws {
        #expect(hex(try encode([1.5], typedArrays: false)) == "81fb3ff8000000000000")
        #expect(hex(try encode(["x": [1, -1] as [Int16]], typedArrays: false)) == "a16178820120")
    }

    @Test func bigEndian() throws {
        #expect(try decode([UInt16].self, "d841440001ff00") == [1, 0xff00])
        #expect(try decode([Int32].self, "d84a44fffffffe") == [-2])
        #expect(try decode([Float].self, "d851443fc00000") == [1.5])
        #expect(try decode([Double].self, "d852503ff8000000000000bff8000000000000") == [1.5, -1.5])
    }

    @Test func ofAnotherElementType() throws {
        #expect(try decode([Int].self, "d84d44feff0100") == [-2, 1])
        #expect(try decode([Double].self, "d85544 0000c03f") == [1.5])
        #expect(try decode([Float].self, "d85648 9a9999999999f13f") == [1.1])
        #expect(try decode([Double].self, "d84a44fffffffe") == [-2])
        #expect(try decode([UInt8].self, "d8454201 00") == [1])
        #expect(throws: DecodingError.self) { try decode([UInt8].self, "d845420001") }
        #expect(throws: DecodingError.self) { try decode([Float].self, "d85648 9c7500883ce4377e") }
    }

    @Test func indefiniteLength() throws {
        #expect(try decode([UInt16].self, "d8455f 4101 4300ffff ff") == [1, 0xffff])
    }

    @Test func notAWholeNumberOfElements() throws {
        #expect(throws: DecodingError.self) { try decode([Double].self, "d85647000000000000f8") }
        #expect(throws: DecodingError.self) { try decode([Double].self, "48000000000000f83f") }
        #expect(throws: DecodingError.self) { try decode([Double].self, "d85342 0000") }
    }

    @Test func inContainersAndUnaligned() throws {
        struct Field: Codable, Equatable {
            var name: String
            var values: [Double]
            var masks: [[Int16]]
            var maybe: [Float]?
        }
        for padding in 0..<9 {
            let field = Field(
                name: String(repeating: "p", count: padding), values: [1, .infinity], masks: [[], [1], [2, 3]],
                maybe: padding.isMultiple(of: 2) ? nil : [0.5])
            #expect(try decode(Field.self, encode(field)) == field)
        }
    }

    @Test func large() throws {
        let values = (0..<300_000).map { Double($0).squareRoot() }
        let bytes = try encode(["x": values])
        #expect(bytes.count == values.count * 8 + 10)
        #expect(try decode([String: [Double]].self, bytes) == ["x": values])
    }

    /// Writes its numbers at once and reads them one by one.
    private struct OneByOne<Number: Codable & Equatable>: Codable, Equatable {
        var numbers: [Number]
        private enum CodingKeys: CodingKey { case numbers }

        init(_ numbers: [Number]) { self.numbers = numbers }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            var list = try container.nestedUnkeyedContainer(forKey: .numbers)
            numbers = []
            while !list.isAtEnd { numbers.append(try list.decode(Number.self)) }
            #expect(list.count == numbers.count)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(numbers, forKey: .numbers)
        }
    }

    @Test func blocksCanBeReadElementByElement() throws {
        func check<Number: Codable & Equatable>(_ numbers: [Number]) throws {
            for typedArrays in [true, false] {
                let bytes = try encode(numbers, typedArrays: typedArrays)
                #expect(try decode(ContiguousArray<Number>.self, bytes) == ContiguousArray(numbers))
                let value = OneByOne(numbers)
                #expect(try decode(OneByOne<Number>.self, encode(value, typedArrays: typedArrays)) == value)
                #expect(try decode([OneByOne<Number>].self, encode([value, value])) == [value, value])
            }
        }
        try check([1.5, -2.5])
        try check([0, 255] as [UInt8])
        try check([-1, 1 << 40])
        try check((0..<100).map { Float($0) / 3 })
        try check([] as [Int16])
        #expect(try decode(SIMD4<Float>.self, encode([1, 2, 3, 4] as [Double])) == [1, 2, 3, 4])
        #expect(try decode(Set<Int>.self, "d84d 44 0100 feff") == [1, -2])
        #expect(try decode(ContiguousArray<UInt8>.self, "5f 4101 4102 ff") == [1, 2])
        #expect(throws: DecodingError.self) { try decode(ContiguousArray<Double>.self, "d85642 0000") }
        #expect(throws: DecodingError.self) { try decode(ContiguousArray<Bool>.self, encode([1.5])) }
        #expect(throws: DecodingError.self) {
            try decode(ContiguousArray<Double>.self, "d85750" + String(repeating: "0", count: 32))
        }
    }
}
