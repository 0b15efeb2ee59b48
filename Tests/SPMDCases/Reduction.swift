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

extension SampleValue where Self: MPINumeric {
    static var order: [Reduction<Self>] {
        [
            Reduction(name: "min", operation: .min, combine: Swift.min) { sample(31 * $0 + $1) },
            Reduction(name: "max", operation: .max, combine: Swift.max) { sample(31 * $0 + $1) },
        ]
    }
}

extension SampleValue where Self: MPINumeric & BinaryFloatingPoint {
    // Small numbers and powers of two: sums and products are exact in any order.
    static var reductions: [Reduction<Self>] {
        order + [
            Reduction(name: "sum", operation: .sum, combine: +) { Self($0 + $1 % 3) },
            Reduction(name: "product", operation: .product, combine: *) { Self(1 + ($0 + $1) % 2) },
        ]
    }
}

extension SampleValue where Self: MPIInteger {
    // Values from the whole range: sums and products wrap around.
    static var reductions: [Reduction<Self>] {
        order + [
            Reduction(name: "sum", operation: .sum, combine: &+) { sample(31 * $0 + $1) },
            Reduction(name: "product", operation: .product, combine: &*) { sample(31 * $0 + $1) | 1 },
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
