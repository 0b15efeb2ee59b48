// A halo exchange: the ranks share a field on a two-dimensional grid, and each rank keeps a halo of its neighbors'
// values around its own block. The exchange uses blocking Sendrecv calls, first between rows and then between columns,
// which also fills the corners.
//
//     mpiexec -n 4 cartesian-halo

import SwiftMPI

let rows = 6
let columns = 5

/// A block of the field with a halo of one point, in row-major order.
struct Block {
    var values = [Double](repeating: .nan, count: (rows + 2) * (columns + 2))

    subscript(row: Int, column: Int) -> Double {
        get { values[Self.place(row, column)] }
        set { values[Self.place(row, column)] = newValue }
    }

    /// Returns the index of a point in `values`.
    static func place(_ row: Int, _ column: Int) -> Int { row * (columns + 2) + column }
}

try MPI.run { world in
    let dimensions = try MPI.balancedDimensions(ranks: world.size, axes: 2)
    let grid = try world.cartesian(dimensions: dimensions, periodic: [true, true])!
    let place = try grid.coordinates
    let (height, width) = (dimensions[0] * rows, dimensions[1] * columns)

    // The value of each point is its number in the whole field, which is periodic in both directions.
    func number(_ row: Int, _ column: Int) -> Double {
        let globalRow = (place[0] * rows + row - 1 + height) % height
        let globalColumn = (place[1] * columns + column - 1 + width) % width
        return Double(globalRow * width + globalColumn)
    }
    var block = Block()
    for row in 1...rows {
        for column in 1...columns { block[row, column] = number(row, column) }
    }

    // The interior points of a row are contiguous. The points of a column, including the halo, are not.
    let row = try Layout<Double>.contiguous(columns)
    let column = try Layout<Double>.vector(count: rows + 2, stride: columns + 2)
    // Each rank sends its last interior row or column in one direction and receives the halo from the opposite one.
    // Then the same in the reverse direction.
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
    // Without the barrier, rank 0 could report success before another rank has finished its check.
    try grid.Barrier()
    if world.rank == 0 {
        print("\(dimensions[0]) x \(dimensions[1]) ranks: every halo point is its neighbor's")
    }
}
