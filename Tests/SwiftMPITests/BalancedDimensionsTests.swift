import SwiftMPI
import Testing

/// Grids for any number of ranks, found outside of `MPI.run`.
@Suite struct BalancedDimensionsTests {
    @Test(arguments: 1...4)
    func theyAreTheFirstOfAllGrids(axes: Int) throws {
        for ranks in 1...2000 {
            let all = grids(of: ranks, axes: axes, upTo: ranks)
            let first = try #require(all.min { $0.lexicographicallyPrecedes($1) })
            #expect(try MPI.balancedDimensions(ranks: ranks, axes: axes) == first)
        }
    }

    /// Every grid of so many ranks whose dimensions come the largest first.
    private func grids(of ranks: Int, axes: Int, upTo largest: Int) -> [[Int]] {
        if axes == 1 { return ranks <= largest ? [[ranks]] : [] }
        return (1...min(ranks, largest)).filter { ranks.isMultiple(of: $0) }.flatMap { dimension in
            grids(of: ranks / dimension, axes: axes - 1, upTo: dimension).map { [dimension] + $0 }
        }
    }

    static let known: [(ranks: Int, grid: [Int])] = [
        (72, [9, 8]), (180, [15, 12]), (240, [16, 15]), (240, [8, 6, 5]), (72, [6, 4, 3]), (97, [97, 1, 1]),
        (9_699_690, [3135, 3094]), (1 << 30, [Int](repeating: 8, count: 10)),
        (2_147_483_647, [2_147_483_647, 1]), (1, []),
    ]

    @Test(arguments: known)
    func theyAreKnown(ranks: Int, grid: [Int]) throws {
        #expect(try MPI.balancedDimensions(ranks: ranks, axes: grid.count) == grid)
    }

    @Test(arguments: [9_699_690, 8_648_640])
    func tenAxesFill(ranks: Int) throws {
        let found = try MPI.balancedDimensions(ranks: ranks, axes: 10)
        #expect(found.reduce(1, *) == ranks)
        #expect(found == found.sorted(by: >))
    }

    @Test func someAreGiven() throws {
        #expect(try MPI.balancedDimensions(ranks: 12, fixed: [nil, 6]) == [2, 6])
        #expect(try MPI.balancedDimensions(ranks: 24, fixed: [nil, 2, nil]) == [4, 2, 3])
        #expect(try MPI.balancedDimensions(ranks: 216, fixed: [3, nil, nil]) == [3, 9, 8])
        #expect(try MPI.balancedDimensions(ranks: 720, fixed: [nil, 3, nil, 1, nil]) == [8, 3, 6, 1, 5])
        #expect(try MPI.balancedDimensions(ranks: 6, fixed: [2, 3]) == [2, 3])
    }

    @Test(
        arguments: [
            (0, 2, "0 ranks do not fill a grid of ?x?"), (-1, 1, "-1 ranks do not fill a grid of ?"),
            (2, 0, "2 ranks do not fill a grid of no axes"), (1, -1, "a grid cannot have -1 axes"),
            (1 << 31, 1, "2147483648 ranks do not fill a grid of ?"),
        ] as [(Int, Int, String)])
    func areRefused(ranks: Int, axes: Int, message: String) {
        let error = #expect(throws: MPIError.self) { try MPI.balancedDimensions(ranks: ranks, axes: axes) }
        #expect(error?.description == "MPI_Dims_create: \(message)")
        #expect(error?.class == .dimensions)
    }

    @Test(
        arguments: [
            [5, nil], [12, 2], [0, nil], [-2, -6], [1 << 32, 1 << 32, nil], [Int.max, Int.max], [3, 4, 2],
        ] as [[Int?]])
    func givenOnesThatDoNotFitAreRefused(fixed: [Int?]) {
        #expect(throws: MPIError.self) { try MPI.balancedDimensions(ranks: 12, fixed: fixed) }
    }
}
