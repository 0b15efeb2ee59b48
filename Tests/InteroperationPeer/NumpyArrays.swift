import SwiftMPI

/// Arrays of numpy in both directions, through the helper for Python ranks; numpy_arrays.py does the same.
///
/// Every pair of a Swift and a Python rank exchanges arrays of every type and up to three dimensions.
func numpyArrays(_ world: Communicator) throws {
    let languages = try world.allgather("Swift")
    for peer in languages.indices where languages[peer] == "Python" {
        let pair = Pair(world: world, peer: peer)
        try pair.exchange { Int8(truncatingIfNeeded: 37 * $0 - 5) }
        try pair.exchange { Int16(37 * $0 - 5) }
        try pair.exchange { Int32(37 * $0 - 5) }
        try pair.exchange { Int64(37 * $0 - 5) << 40 }
        try pair.exchange { UInt8(truncatingIfNeeded: 37 * $0 + 5) }
        try pair.exchange { UInt16(37 * $0 + 5) }
        try pair.exchange { UInt32(37 * $0 + 5) }
        try pair.exchange { UInt64(37 * $0 + 5) << 50 }
        try pair.exchange { Float16(37 * $0 - 5) / 8 }
        try pair.exchange { Float(37 * $0 - 5) / 7 }
        try pair.exchange { Double(37 * $0 - 5) / 7 }
        try pair.exchange { Complex(Float(37 * $0 - 5) / 7, -Float($0)) }
        try pair.exchange { Complex(Double(37 * $0 - 5) / 7, -Double($0)) }
        try pair.exchange { $0 % 3 == 0 }
    }
    try done("numpy arrays", on: world)
}

/// An array in one message with a number and a list of numbers.
private struct Sample<Element: Codable & Equatable>: Codable, Equatable {
    var array: NDArray<Element>
    var one: Element
    var list: [Element]
}

private struct Pair {
    let world: Communicator
    let peer: Int

    func exchange<Element: Codable & Equatable>(_ number: (Int) -> Element) throws {
        for shape in [[], [0], [1], [7], [2, 3], [0, 3], [3, 0], [2, 3, 4], [2, 0, 2]] {
            let count = shape.reduce(1, *)
            let array = NDArray(shape: shape, elements: (0..<count).map(number))
            let sample = Sample(array: array, one: number(1), list: (0..<5).map(number))
            // From here there and back.
            try world.send(sample, dest: peer)
            try expect(try world.recv(Sample<Element>.self, source: peer), sample)
            // From there here and back: as it lies in Python's memory, backwards, and column by column.
            for _ in 0..<3 {
                let received = try world.recv(CBORValue.self, source: peer)
                try expect(try received.decoded(as: Sample<Element>.self), sample)
                try expectRows(of: received["array"] ?? nil, array)
                try world.send(received, dest: peer)
            }
        }
    }

    /// The same as arrays of arrays.
    private func expectRows<Element: Codable & Equatable>(of value: CBORValue, _ array: NDArray<Element>) throws {
        switch array.shape.count {
        case 1: try expect(try value.decoded(as: [Element].self), array.elements)
        case 2: try expect(try value.decoded(as: [[Element]].self).flatMap(\.self), array.elements)
        case 3:
            let nested = try value.decoded(as: [[[Element]]].self)
            try expect(nested.flatMap { $0.flatMap(\.self) }, array.elements)
            try expect(nested.count, array.shape[0])
        default: break
        }
    }
}
