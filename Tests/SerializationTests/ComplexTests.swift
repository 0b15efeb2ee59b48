import FoundationEssentials
import SwiftMPI
import Testing

/// Complex numbers: tag 43000 for one, 43001 for many. All bytes are those of Python's `cbor2` and numpy.
@Suite struct ComplexNumbers {
    private typealias Number = Complex<Double>

    private let one = "d9a7f882fb3ff0000000000000fb4000000000000000"  // 1 + 2i
    private let doubles = "d9a7f9d8565820000000000000f03f00000000000000400000000000000840000000000000e0bf"
    private let floats = "d9a7f9d855500000803f0000004000004040000000bf"
    private let list =
        "82d9a7f882fb3ff0000000000000fb4000000000000000d9a7f882fb4008000000000000fbbfe0000000000000"
    private let numbers = [Number(1, 2), Number(3, -0.5)]
    private let matrix = NDArray(
        shape: [3, 2],
        elements: [Number(0, 0), Number(0, 1), Number(1, 0), Number(2, 1), Number(2, 0), Number(0, -3.5)])

    @Test func aSingleNumber() throws {
        #expect(hex(try encode(Number(1, 2))) == one)
        #expect(hex(try encode(Complex<Float>(1, 2))) == "d9a7f882fa3f800000fa40000000")
        for bytes in [
            one, "d9a7f8820102", "d9a7f882f93c00fa40000000", "d9a7f89ff93c0002ff", "d9a7f8d855480000803f00000040",
            "d9d9f7\(one)",
        ] {
            #expect(try decode(Number.self, bytes) == Number(1, 2))
            #expect(try decode(Complex<Float>?.self, bytes) == Complex(1, 2))
        }
        let bits = try decode(Number.self, "d9a7f882f97e00fb8000000000000000")  // complex(nan, -0.0)
        #expect(bits.real.isNaN && bits.imaginary == 0 && bits.imaginary.sign == .minus)
        // Real numbers.
        #expect(try decode(Number.self, "fb3ff8000000000000") == Number(1.5, 0))
        #expect(try decode(Number.self, "20") == Number(-1, 0))
        #expect(try decode([Number: Int].self, "a1\(one)05") == [Number(1, 2): 5])
    }

    @Test func many() throws {
        #expect(hex(try encode(numbers)) == doubles)
        #expect(hex(try encode(numbers.map { Complex(Float($0.real), Float($0.imaginary)) })) == floats)
        #expect(hex(try encode([Number]())) == "d9a7f9d85640")
        #expect(hex(try encode(numbers, typedArrays: false)) == list)
        for bytes in [
            doubles, floats, list,
            "d9a7f9d85258203ff000000000000040000000000000004008000000000000bfe0000000000000",
            "d9a7f9d851503f8000004000000040400000bf000000",
            "d9a7f9d85448003c0040004200b8", "d9a7f9d850483c0040004200b800",
            "d9a7f98401fb400000000000000003fbbfe0000000000000",
            "d9a7f9d8555f48 0000803f00000040 48 00004040000000bf ff",
            "d9d9f7d9a7f9d9d9f7d855500000803f0000004000004040000000bf",
            "d828828102\(doubles)", "d90410828102\(floats)", "d828828102\(list)",
        ] {
            #expect(try decode([Number].self, bytes) == numbers, "\(bytes)")
            #expect(try decode([Complex<Float>].self, bytes) == [Complex(1, 2), Complex(3, -0.5)], "\(bytes)")
            #expect(try decode(Set<Number>.self, bytes) == Set(numbers), "\(bytes)")
            #expect(try decode(ContiguousArray<Number>.self, bytes) == ContiguousArray(numbers), "\(bytes)")
            #expect(try decode(NDArray<Number>.self, bytes) == NDArray(shape: [2], elements: numbers), "\(bytes)")
        }
        #expect(try decode([Number].self, "d9a7f9d84948000100020003fffb") == [Number(1, 2), Number(3, -5)])
        #expect(try decode([Number].self, "d9a7f9d85640") == [])
        // Real numbers, all or some of them.
        #expect(try decode([Number].self, "d85650000000000000f03f00000000000000c0") == [Number(1, 0), Number(-2, 0)])
        #expect(
            try decode([Number?].self, "84fb3ff0000000000000\(one)07f6")
                == [Number(1, 0), Number(1, 2), Number(7, 0), nil])
    }

    @Test func severalDimensions() throws {
        let rows =
            "d82882820302d9a7f9d8565860000000000000000000000000000000000000000000000000000000000000f03f"
            + "000000000000f03f00000000000000000000000000000040000000000000f03f00000000000000400000000000000000"
            + "00000000000000800000000000000cc0"
        let columns =
            "d9041082820302d9a7f9d856586000000000000000000000000000000000000000000000f03f0000000000000000"
            + "00000000000000400000000000000000"
            + "0000000000000000000000000000f03f0000000000000040000000000000f03f00000000000000800000000000000cc0"
        let bigEndianFloats =
            "d82882820302d9a7f9d85158300000000000000000000000003f8000003f800000000000004000"
            + "00003f800000400000000000000080000000c0600000"
        for bytes in [rows, columns, bigEndianFloats] {
            #expect(try decode(NDArray<Number>.self, bytes) == matrix)
            #expect(try decode([[Number]].self, bytes).flatMap(\.self) == matrix.elements)
            #expect(try decode([[Complex<Float>]].self, bytes)[2] == [Complex(2, 0), Complex(0, -3.5)])
            #expect(try decode([Set<Number>].self, bytes)[0] == Set(matrix.elements[..<2]))
            #expect(try decode(CBORValue.self, bytes).decoded(as: NDArray<Number>.self) == matrix)
            #expect(hex(try encode(decode(CBORValue.self, bytes))) == bytes)
        }
        let single = NDArray(shape: [], elements: [Number(1, 2)])
        #expect(hex(try encode(single)) == "d8288280d9a7f9d85650000000000000f03f0000000000000040")
        #expect(try decode(NDArray<Number>.self, "d82882820201\(list)").shape == [2, 1])
        #expect(
            try decode([[Number]].self, "d82882820201d85650000000000000f03f0000000000000040")
                == [[Number(1, 0)], [Number(2, 0)]])
    }

    @Test func inBothDirections() throws {
        struct Signal: Codable, Equatable {
            var name: String
            var gain: Complex<Float>
            var samples: [Number]
            var spectrum: NDArray<Complex<Float>>
            var table: [String: Number?]
        }
        for typedArrays in [true, false] {
            for shape in [[], [5], [2, 3], [2, 1, 4], [0, 3], [3, 0]] {
                let count = shape.reduce(1, *)
                let signal = Signal(
                    name: "x", gain: Complex(0.1, -.infinity), samples: numbers,
                    spectrum: NDArray(
                        shape: shape, elements: (0..<count).map { Complex(Float($0), -1 / Float($0 + 1)) }),
                    table: ["a": Number(-0.0, 0.1), "b": nil])
                #expect(try decode(Signal.self, encode(signal, typedArrays: typedArrays)) == signal)
            }
        }
        // A block that goes out without being copied.
        let large = (0..<100_000).map { Number(Double($0), -Double($0).squareRoot()) }
        #expect(try decode([Number].self, encode(large)) == large)
        #expect(try encode(large).count == 16 * large.count + 10)
    }

    /// Others than CBOR have an object of both parts.
    @Test func otherSerializers() throws {
        let text = String(decoding: try JSONEncoder().encode([Number(1.5, 2.5)]), as: UTF8.self)
        #expect(text.contains("\"real\":1.5") && text.contains("\"imaginary\":2.5"))
        #expect(try JSONDecoder().decode([Number].self, from: Data(text.utf8)) == [Number(1.5, 2.5)])
    }

    /// Nothing else is a complex number, and a complex number is nothing else.
    @Test func refused() throws {
        let zeros = String(repeating: "00", count: 16)
        for bytes in [
            "d9a7f88101", "d9a7f883010203", "d9a7f880", "d9a7f882016161", "d9a7f801", "d9a7f8f6", "d9a7f850\(zeros)",
            "d9a7f882f6f6", "d9a7f882810102", "d9a7f8\(one)", "d9a7f882\(one)\(one)", "820102",
            "a2647265616c0169696d6167696e61727902", "6161", "f5", "f6", "d9a7f9820102", doubles, "d864820102",
            "d9a7f8d864820102", "d9a7f8d82882820102d9a7f9820102",
        ] {
            #expect(throws: DecodingError.self, "\(bytes)") { try decode(Number.self, bytes) }
        }
        for bytes in [
            "d9a7f9d8565818000000000000f03f00000000000000400000000000000840", "d9a7f983010203", "d9a7f9d8564100",
            "d9a7f9d8564c000000000000f03f00000000", "d9a7f98101", "d9a7f9\(list)", "d9a7f9\(doubles)", "d9a7f9\(one)",
            "d9a7f8d85550\(zeros)", "d9a7f8\(list)", one, "d9a7f950\(zeros)", "d9a7f9a10102", "d9a7f9f6",
            "d864\(doubles)", "d9a7f9d864820102", "d9a7f9d85750\(zeros)", "d9a7f9d82882820201d85650\(zeros)",
            "d828828103\(doubles)", "d82882820202\(doubles)", "d9a7f9d828828102\(one)", "8201820102",
        ] {
            #expect(throws: DecodingError.self, "\(bytes)") { try decode([Number].self, bytes) }
            #expect(throws: DecodingError.self, "\(bytes)") { try decode([[Number]].self, bytes) }
            #expect(throws: DecodingError.self, "\(bytes)") { try decode(Set<Number>.self, bytes) }
            #expect(throws: DecodingError.self, "\(bytes)") { try decode(NDArray<Number>.self, bytes) }
        }
        for bytes in [doubles, list, "d82882820102\(doubles)", "d828828102\(list)", "d9a7f9820102"] {
            #expect(throws: DecodingError.self, "\(bytes)") { try decode([Double].self, bytes) }
            #expect(throws: DecodingError.self, "\(bytes)") { try decode([[Double]].self, bytes) }
            #expect(throws: DecodingError.self, "\(bytes)") { try decode(Set<Double>.self, bytes) }
            #expect(throws: DecodingError.self, "\(bytes)") { try decode(NDArray<Double>.self, bytes) }
            #expect(throws: DecodingError.self, "\(bytes)") { try decode(Data.self, bytes) }
        }
        #expect(throws: DecodingError.self) { try decode([Number].self, "50\(zeros)") }
        // Beyond the range of a Float, and an integer that no Double is equal to.
        #expect(throws: DecodingError.self) { try decode(Complex<Float>.self, "d9a7f882fb7e37e43c8800759c00") }
        #expect(throws: DecodingError.self) { try decode(Number.self, "d9a7f8821b002000000000000100") }
        #expect {
            _ = try decode(Number.self, "6161")
        } throws: {
            "\($0)".contains("Expected Complex<Double>")
        }
    }

    @Test func truncated() throws {
        for message in [one, doubles, floats, list, "d828828102\(doubles)"] {
            let bytes = hex(message)
            for count in 0..<bytes.count {
                #expect(throws: CBORError.self) { try decode(Number.self, Array(bytes[..<count])) }
                #expect(throws: CBORError.self) { try decode([Number].self, Array(bytes[..<count])) }
                #expect(throws: CBORError.self) { try decode(NDArray<Number>.self, Array(bytes[..<count])) }
            }
        }
    }
}
