extension MPI {
    /// Returns the most even arrangement of ranks on a grid.
    ///
    /// The largest dimension is as small as possible, then the second largest, and so on: on two axes, 72 ranks become
    /// 9 × 8; on three axes, 240 ranks become 8 × 6 × 5. The result is the same with every MPI library, and MPI need
    /// not be running.
    /// - Parameters:
    ///   - ranks: The number of ranks, from 1 to 2³¹−1.
    ///   - axes: The number of dimensions of the grid. It may be 0 only for one rank.
    /// - Returns: `axes` numbers in descending order whose product is `ranks`.
    /// - Throws: ``MPIError`` if the number of ranks or axes is out of range.
    ///
    /// MPI: replaces `MPI_Dims_create`, MPI-3.1 §7.5.2, which in Open MPI 4 arranges 72 ranks as 12 × 6.
    public static func balancedDimensions(ranks: Int, axes: Int) throws(MPIError) -> [Int] {
        if axes < 0 { throw MPIError(refused: dims, .dimensions, "a grid cannot have \(axes) axes") }
        return try balancedDimensions(ranks: ranks, fixed: [Int?](repeating: nil, count: axes))
    }

    /// Returns the most even arrangement of ranks on a grid with some given dimensions; see
    /// ``balancedDimensions(ranks:axes:)``.
    ///
    /// - Parameters:
    ///   - ranks: The number of ranks, from 1 to 2³¹−1.
    ///   - fixed: The dimension of each axis, or `nil` for a dimension to compute.
    /// - Returns: The dimensions, whose product is `ranks`. The computed dimensions are in descending order.
    /// - Throws: ``MPIError`` if `ranks` is not a multiple of the given dimensions, or not their product if all are
    ///   given.
    ///
    /// MPI: replaces `MPI_Dims_create`, MPI-3.1 §7.5.2.
    public static func balancedDimensions(ranks: Int, fixed: [Int?]) throws(MPIError) -> [Int] {
        let given = fixed.compactMap(\.self)
        let free = fixed.count - given.count
        guard (1...Int(Int32.max)).contains(ranks), let product = gridSize(given, atMost: ranks),
            free > 0 ? ranks.isMultiple(of: product) : ranks == product
        else {
            let asked = fixed.isEmpty ? "no axes" : fixed.map { $0.map(String.init) ?? "?" }.joined(separator: "x")
            throw MPIError(refused: dims, .dimensions, "\(ranks) ranks do not fill a grid of \(asked)")
        }
        var search = BalancedFactors(of: ranks / product)
        var found = search.factors(of: ranks / product, count: free)[...]
        return fixed.map { $0 ?? found.removeFirst() }
    }

    private static var dims: StaticString { "MPI_Dims_create" }
}

/// Returns the number of ranks on a grid; `nil` if a dimension is less than 1 or the number exceeds `limit`.
func gridSize(_ dimensions: [Int], atMost limit: Int) -> Int? {
    var size = 1
    for dimension in dimensions {
        if dimension < 1 || dimension > limit / size { return nil }
        size *= dimension
    }
    return size
}

/// A search that divides a number and its divisors into factors that are as even as possible.
private struct BalancedFactors {
    private struct Task: Hashable {
        let number: Int
        let count: Int
    }

    /// The divisors of the number, in ascending order.
    private let divisors: [Int]
    private var known: [Task: [Int]] = [:]

    init(of number: Int) {
        let small = (1...number).lazy.prefix { $0 <= number / $0 }.filter { number.isMultiple(of: $0) }
        divisors = Set(small.flatMap { [$0, number / $0] }).sorted()
    }

    /// Returns the factors of a divisor of the number, in descending order.
    ///
    /// The largest factor is the smallest divisor whose cofactor can be divided into factors that are not larger. The
    /// other factors are those of the cofactor.
    mutating func factors(of number: Int, count: Int) -> [Int] {
        if number == 1 || count <= 1 { return count == 0 ? [] : [number] + [Int](repeating: 1, count: count - 1) }
        let task = Task(number: number, count: count)
        if let factors = known[task] { return factors }
        var factors: [Int] = []
        for largest in divisors where largest > 1 && number.isMultiple(of: largest) {
            if !reaches(number, with: largest, count: count) { continue }
            factors = [largest] + self.factors(of: number / largest, count: count - 1)
            if factors[1] <= largest { break }
        }
        known[task] = factors
        return factors
    }

    /// Returns whether `count` factors up to `largest`, which is more than 1, can have a product of at least `number`.
    private func reaches(_ number: Int, with largest: Int, count: Int) -> Bool {
        var product = 1
        for _ in 0..<count {
            if product >= (number + largest - 1) / largest { return true }
            product *= largest
        }
        return false
    }
}
