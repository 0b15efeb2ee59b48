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
        get { values[row * (columns + 2) + column] }
        set { values[row * (columns + 2) + column] = newValue }
    }

    /// Every row of one column, rim included; it is not contiguous, so it travels as a copy.
    subscript(column column: Int) -> [Double] {
        get { (0..<rows + 2).map { self[$0, column] } }
        set { for row in 0..<rows + 2 { self[row, column] = newValue[row] } }
    }

    /// The own points of one row.
    subscript(row row: Int) -> [Double] {
        get { (1...columns).map { self[row, $0] } }
        set { for column in 1...columns { self[row, column] = newValue[column - 1] } }
    }
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

    // To the neighbor above go the last own row or column, from the one below comes the rim; then the other way.
    for (step, last, rim) in [(1, rows, 0), (-1, 1, rows + 1)] {
        let (source, destination) = try grid.shift(axis: 0, by: step)
        var received = block[row: rim]
        try grid.Sendrecv(block[row: last], dest: destination, into: &received, source: source)
        block[row: rim] = received
    }
    for (step, last, rim) in [(1, columns, 0), (-1, 1, columns + 1)] {
        let (source, destination) = try grid.shift(axis: 1, by: step)
        var received = block[column: rim]
        try grid.Sendrecv(block[column: last], dest: destination, into: &received, source: source)
        block[column: rim] = received
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
