import FoundationEssentials
import SwiftMPI
import Testing

/// A tag changes what the item inside it means: who does not know it must not take the item for what it seems to be.
/// All bytes are those of Python's `cbor2`.
@Suite struct TagTests {
    /// The text of the error, or of the value where there is none.
    private func refusal<T: Decodable>(_ type: T.Type, _ bytes: String) -> String {
        do { return "\(try decode(type, bytes))" } catch { return "\(error)" }
    }

    /// Pairs of a type and an item that looks like one of that type but for its tag.
    @Test func unknownTagsAreRefused() {
        let fraction = "d81e820102"  // 1/2
        let decimal = "c482200f"  // 1.5
        let address = "d8344401020304"  // 1.2.3.4
        let complex = "d9a7f882fb3ff0000000000000fb4000000000000000"
        let reference = "82626161d81900"  // the second text is the first one again
        for (text, tag) in [
            (refusal([Int].self, fraction), 30), (refusal([Int].self, decimal), 4),
            (refusal([Double].self, complex), 43000), (refusal(Set<Double>.self, complex), 43000),
            (refusal(Data.self, address), 52), (refusal([UInt8].self, address), 52),
            (refusal(UUID.self, "d8345000000000000000000000000000000005"), 52),
            (refusal([Int?].self, reference.replacingOccurrences(of: "626161", with: "01")), 25),
            (refusal(Bool.self, "d864f5"), 100), (refusal(Int.self, "d86405"), 100), (refusal(Double.self, "c105"), 1),
            (refusal(Int128.self, "d86405"), 100), (refusal(String.self, "d864626161"), 100),
            (refusal(Date.self, "d86405"), 100), (refusal([String: Int].self, "d864a1616105"), 100),
            (refusal(Pair.self, "d864a2616105616206"), 100), (refusal(Data.self, "d85648000000000000f83f"), 86),
            (refusal([UInt8].self, "d8644201ff"), 100),
            (refusal(Int?.self, "d864f6"), 100),
        ] {
            #expect(text.contains("with tag \(tag)"), "\(text)")
        }
        // Two of them around each other, of which the reader knows each.
        #expect(refusal([Int].self, "d828828101d8288281018101").contains("inside several tags") == false)
        #expect(refusal([Int].self, "d828d8288281018101").contains("inside several tags"))
        #expect(refusal(Date.self, "c0c105").contains("inside several tags"))
    }

    private struct Pair: Codable, Equatable {
        var a: Int
        var b: Int
    }

    /// The same number with a tag is another key.
    @Test func keysWithTags() throws {
        #expect(throws: DecodingError.self) { try decode(Pair.self, "a2d864616105616206") }
        #expect(try decode(Pair.self, "a3d864616107616105616206") == Pair(a: 5, b: 6))
        #expect(throws: DecodingError.self) { try decode([Int: Int].self, "a1d8640506") }
        #expect(try decode([Date: Int].self, "a1c10506") == [Date(timeIntervalSince1970: 5): 6])
    }

    @Test func remarksArePassedOver() throws {
        #expect(try decode(Int.self, "d9d9f705") == 5)
        #expect(try decode(String.self, "d9d9f7d8206a687474703a2f2f612e62") == "http://a.b")
        #expect(try decode(Set<Int>.self, "d901028101") == [1])
        #expect(try decode([Int].self, "d81c8101") == [1])
        #expect(try decode(String.self, "d90100626161") == "aa")
        #expect(try decode(Data.self, "d8404201ff") == Data([1, 255]))
        #expect(try decode(String.self, "d903ec6a323032362d31312d3238") == "2026-11-28")
        #expect(try decode(Int.self, "d9d9f7c24105") == 5)
    }
}

/// Arrays of several dimensions, RFC 8746 §3.1.
@Suite struct NDArrays {
    // numpy's arange, as typed arrays with a shape.
    private let doubles = "d82882820202d85658200000000000000000000000000000f03f00000000000000400000000000000840"
    private let columnMajor =
        "d9041082820203d856583000000000000000000000000000000840000000000000f03f"
        + "000000000000104000000000000000400000000000001440"
    private let bytes = "d82882820203d84046000102030405"
    private let threeDimensions =
        "d904108283020203d84e5830000000000600000003000000090000000100000007000000"
        + "040000000a0000000200000008000000050000000b000000"
    private let texts = "d828828202018261616162"

    @Test func rows() throws {
        #expect(try decode([[Double]].self, doubles) == [[0, 1], [2, 3]])
        #expect(try decode([[Float]].self, columnMajor) == [[0, 1, 2], [3, 4, 5]])
        #expect(try decode([[Int]].self, bytes) == [[0, 1, 2], [3, 4, 5]])
        #expect(try decode([[UInt8]].self, bytes) == [[0, 1, 2], [3, 4, 5]])
        #expect(try decode([Data].self, bytes) == [Data([0, 1, 2]), Data([3, 4, 5])])
        #expect(
            try decode([[[Int32]]].self, threeDimensions) == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]])
        #expect(try decode([[String]].self, texts) == [["a"], ["b"]])
        #expect(try decode([Int].self, "d828828103d84043010203") == [1, 2, 3])
        #expect(try decode([[Int]].self, "d82882820003d85640") == [])
        #expect(try decode([[Double]].self, "d82882820300d85640") == [[], [], []])
    }

    /// A type that asks for its elements one by one.
    private struct Matrix: Codable, Equatable {
        var rows: [[Double]]

        init(rows: [[Double]]) { self.rows = rows }

        init(from decoder: any Decoder) throws {
            var outer = try decoder.unkeyedContainer()
            rows = []
            while !outer.isAtEnd {
                var inner = try outer.nestedUnkeyedContainer()
                var row: [Double] = []
                while !inner.isAtEnd { row.append(try inner.decode(Double.self)) }
                rows.append(row)
            }
        }
    }

    @Test func rowsElementByElement() throws {
        #expect(try decode(Matrix.self, doubles) == Matrix(rows: [[0, 1], [2, 3]]))
        #expect(
            try decode([String: Matrix].self, "a16178" + columnMajor) == ["x": Matrix(rows: [[0, 1, 2], [3, 4, 5]])])
        #expect(try decode([[Set<Int>]].self, "d8288282010181d9010281 05".filter { $0 != " " }) == [[[5]]])
    }

    @Test func arrays() throws {
        #expect(try decode(NDArray<Double>.self, doubles) == NDArray(shape: [2, 2], elements: [0, 1, 2, 3]))
        #expect(try decode(NDArray<Float>.self, columnMajor).elements == [0, 1, 2, 3, 4, 5])
        #expect(try decode(NDArray<Int>.self, threeDimensions) == NDArray(shape: [2, 2, 3], elements: Array(0..<12)))
        #expect(try decode(NDArray<String>.self, texts) == NDArray(shape: [2, 1], elements: ["a", "b"]))
        #expect(try decode(NDArray<Double>.self, "d8288280d856480000000000000440")[] == 2.5)
        #expect(try decode(NDArray<Double>.self, "d82882820300d85640").shape == [3, 0])
        // Without a shape.
        #expect(try decode(NDArray<Int>.self, "83010203") == NDArray(shape: [3], elements: [1, 2, 3]))

        var array = NDArray(shape: [2, 3], elements: [0.0, 1, 2, 3, 4, 5])
        #expect(array[1, 0] == 3)
        array[0, 2] = -1
        #expect(array.elements == [0, 1, -1, 3, 4, 5])
    }

    @Test func written() throws {
        #expect(hex(try encode(NDArray(shape: [2, 2], elements: [0.0, 1, 2, 3]))) == doubles)
        #expect(hex(try encode(NDArray(shape: [2, 1], elements: ["a", "b"]))) == texts)
        for shape in [[], [1], [4, 3], [2, 3, 2, 5], [0, 7], [7, 0]] {
            let count = shape.reduce(1, *)
            let array = NDArray(shape: shape, elements: (0..<count).map { Int32($0 * $0) })
            for typedArrays in [true, false] {
                #expect(try decode(NDArray<Int32>.self, encode(array, typedArrays: typedArrays)) == array)
                let several = try encode([array, nil], typedArrays: typedArrays)
                #expect(try decode([NDArray<Int32>?].self, several) == [array, nil])
            }
        }
        // A block that goes out without being copied.
        let large = NDArray(shape: [100, 200], elements: (0..<20_000).map(Double.init))
        #expect(try decode(NDArray<Double>.self, encode(large)) == large)
    }

    @Test(arguments: [
        "d8288282020383010203", "d82882821b40000000000000000480", "d828828220208101",
        "d828828200008101", "d8288382010181" + "0101", "d828828101", "d8280" + "5",
        "d828829841" + String(repeating: "01", count: 65) + "8101",
    ])
    func shapesThatDoNotFit(bytes: String) {
        #expect(throws: (any Error).self) { try decode([[Int]].self, bytes) }
        #expect(throws: (any Error).self) { try decode(NDArray<Int>.self, bytes) }
    }

    /// The elements of a byte string without a tag are bytes, in rows and as a whole; those of a typed array of bytes
    /// are numbers.
    @Test func rowsOfBytes() throws {
        let bytes = "d828828202024401020304"
        #expect(try decode([[UInt8]].self, bytes) == [[1, 2], [3, 4]])
        #expect(try decode(NDArray<UInt8>.self, bytes) == NDArray(shape: [2, 2], elements: [1, 2, 3, 4]))
        #expect(hex(try encode(NDArray<UInt8>(shape: [2, 2], elements: [1, 2, 3, 4]))) == bytes)
        #expect(throws: DecodingError.self) { try decode([[Double]].self, bytes) }
        #expect(throws: DecodingError.self) { try decode(NDArray<Double>.self, bytes) }
        let numbers = "d82882820202d8404401020304"
        #expect(try decode([[Double]].self, numbers) == [[1, 2], [3, 4]])
        #expect(try decode(NDArray<Double>.self, numbers).elements == [1, 2, 3, 4])
    }

    /// The elements of an array with a shape have no shape of their own.
    @Test(arguments: [
        "d828828102d828828102820102", "d90410828102d90410828102820102", "d828828102d90410828102820102",
    ])
    func shapesInsideShapes(nested: String) throws {
        #expect(throws: DecodingError.self) { try decode([Int].self, nested) }
        #expect(throws: DecodingError.self) { try decode([[Int]].self, nested) }
        #expect(throws: DecodingError.self) { try decode(NDArray<Int>.self, nested) }
    }

    /// Any number of rows without elements take no bytes in the message.
    @Test func rowsWithoutElements() throws {
        let many = "d82882821b0de0b6b3a76400000080"
        #expect(throws: DecodingError.self) { try decode([[Int]].self, many) }
        #expect(try decode(NDArray<Int>.self, many).elements == [])
    }

    /// Each array inside another is copied for its rows; how deep they may be is counted over all of them.
    @Test func nestedWithoutEnd() throws {
        indirect enum Nested: Decodable {
            case list([Nested])
            case number(Int)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int.self) {
                    self = .number(number)
                } else {
                    self = .list(try container.decode([Nested].self))
                }
            }
        }
        func message(_ depth: Int) -> [UInt8] {
            (0..<depth).flatMap { _ in hex("d82882810181") } + [5]
        }
        guard case .list(let inner) = try decode(Nested.self, message(300)), inner.count == 1 else {
            Issue.record("an array of one array was sent")
            return
        }
        #expect {
            _ = try decode(Nested.self, message(3000), with: CBORSerializer(maximumDepth: 1000))
        } throws: {
            ($0 as? CBORError)?.reason == .tooDeep
        }
    }
}
