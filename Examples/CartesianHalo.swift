// A halo exchange: the ranks share a field on a grid of two axes, and each keeps a rim of its neighbors' values around
// its own block. Blocking Sendrecv, first along the rows, then along the columns, which also fills the corners.
//
//     mpiexec -n 4 cartesian-halo

import SwiftMPI

let rows = 6
let columns = 5

/// A block of the field in a rim of one point, row by row.
struct Block {
    var values = [Double](repeating: .nan, count: (rows + 2) * (columns + 2))

    subscript(row: Int, column: Int) -> Double {
        get { values[Self.place(row, column)] }
        set { values[Self.place(row, column)] = newValue }
    }

    /// Where a point lies in `values`.
    static func place(_ row: Int, _ column: Int) -> Int { row * (columns + 2) + column }
}

try MPI.run { world in
    let dimensions = try MPI.balancedDimensions(ranks: world.size, axes: 2)
    let grid = try world.cartesian(dimensions: dimensions, periodic: [true, true])!
    let place = try grid.coordinates
    let (height, width) = (dimensions[0] * rows, dimensions[1] * columns)

    // Every point holds its number in the whole field, which is closed to a torus.
    func number(_ row: Int, _ column: Int) -> Double {
        let globalRow = (place[0] * rows + row - 1 + height) % height
        let globalColumn = (place[1] * columns + column - 1 + width) % width
        return Double(globalRow * width + globalColumn)
    }
    var block = Block()
    for row in 1...rows {
        for column in 1...columns { block[row, column] = number(row, column) }
    }

    // The own points of one row, which lie side by side; every row of one column, rim included, which do not.
    let row = try Layout<Double>.contiguous(columns)
    let column = try Layout<Double>.vector(count: rows + 2, stride: columns + 2)
    // To the neighbor above go the last own row or column, from the one below comes the rim; then the other way.
    for (step, last, rim) in [(1, rows, 0), (-1, 1, rows + 1)] {
        let (source, destination) = try grid.shift(axis: 0, by: step)
        let exchange = try PartExchange(
            sending: row, from: Block.place(last, 1), receiving: row, into: Block.place(rim, 1))
        try grid.Sendrecv(exchange, in: &block.values, dest: destination, source: source)
    }
    for (step, last, rim) in [(1, columns, 0), (-1, 1, columns + 1)] {
        let (source, destination) = try grid.shift(axis: 1, by: step)
        let exchange = try PartExchange(
            sending: column, from: Block.place(0, last), receiving: column, into: Block.place(0, rim))
        try grid.Sendrecv(exchange, in: &block.values, dest: destination, source: source)
    }

    for row in 0...rows + 1 {
        for column in 0...columns + 1 { precondition(block[row, column] == number(row, column)) }
    }
    // Without this rank 0 might report what another rank has not found yet.
    try grid.Barrier()
    if world.rank == 0 {
        print("\(dimensions[0]) x \(dimensions[1]) ranks: every halo point is its neighbor's")
    }
}
