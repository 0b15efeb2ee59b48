import SwiftMPI

/// A predefined operation with what it must give.
struct Reduction<T: MPIDatatype> {
    let name: String
    let operation: ReductionOperation<T>
    /// The same on this rank alone.
    let combine: (T, T) -> T
    /// What a rank contributes at a place.
    let value: (_ rank: Int, _ place: Int) -> T

    /// The elements of a rank.
    func row(_ rank: Int, _ count: Int) -> [T] { (0..<count).map { value(rank, $0) } }

    /// The result over some ranks, at least one.
    func result(of ranks: Range<Int>, _ count: Int) -> [T] {
        (0..<count).map { place in
            ranks.dropFirst().reduce(value(ranks.lowerBound, place)) { combine($0, value($1, place)) }
        }
    }
}

extension SampleValue where Self: MPINumeric & Numeric {
    // Small numbers and powers of two: sums and products are exact in every type and any order.
    static var arithmetic: [Reduction<Self>] {
        [
            Reduction(name: "sum", operation: .sum, combine: +) { Self(exactly: $0 + $1 % 3)! },
            Reduction(name: "product", operation: .product, combine: *) { Self(exactly: 1 + ($0 + $1) % 2)! },
            Reduction(name: "min", operation: .min, combine: Swift.min) { comparable(31 * $0 + $1) },
            Reduction(name: "max", operation: .max, combine: Swift.max) { comparable(31 * $0 + $1) },
        ]
    }
}

extension SampleValue where Self: MPINumeric & BinaryFloatingPoint {
    static var reductions: [Reduction<Self>] { arithmetic }
}

extension SampleValue where Self: MPIInteger {
    static var reductions: [Reduction<Self>] {
        arithmetic + [
            Reduction(name: "bitwiseAnd", operation: .bitwiseAnd, combine: &) { ~sample(31 * $0 + $1) },
            Reduction(name: "bitwiseOr", operation: .bitwiseOr, combine: |) { sample(31 * $0 + $1) },
            Reduction(name: "bitwiseXor", operation: .bitwiseXor, combine: ^) { sample(31 * $0 + $1) },
        ]
    }
}

extension Bool {
    static var reductions: [Reduction<Bool>] {
        [
            Reduction(name: "logicalAnd", operation: .logicalAnd, combine: { $0 && $1 }) { !sample(31 * $0 + $1) },
            Reduction(name: "logicalOr", operation: .logicalOr, combine: { $0 || $1 }) { sample(31 * $0 + $1) },
            Reduction(name: "logicalXor", operation: .logicalXor, combine: !=) { sample(31 * $0 + $1) },
        ]
    }
}
