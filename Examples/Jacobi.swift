// Laplace's equation on a square by Jacobi's method: each rank has a block of the square, with a halo of one point that
// a single call fills from all neighbors. The result is written to one HDF5 file.
//
//     mpiexec -n 4 jacobi jacobi.h5

import ParallelHDF5
import SwiftMPI

let points = 30
let path = CommandLine.arguments.dropFirst().first ?? "jacobi.h5"

try MPI.run { world in
    let dimensions = try MPI.balancedDimensions(ranks: world.size, axes: 2)
    let grid = try world.cartesian(dimensions: dimensions)!
    // This rank's rows and columns of the square.
    let ranges = zip(dimensions, try grid.coordinates).map { parts, place in
        VariableCounts.even(points, parts: parts).range(of: place)
    }
    let (rows, columns) = (ranges[0].count, ranges[1].count)
    func place(_ row: Int, _ column: Int) -> Int { row * (columns + 2) + column }

    // The boundary values are x² - y², which solves Laplace's equation and its finite-difference form.
    func solution(_ row: Int, _ column: Int) -> Double {
        let (y, x) = (Double(ranges[0].lowerBound + row - 1), Double(ranges[1].lowerBound + column - 1))
        return (x * x - y * y) / Double(points * points)
    }
    var block = [Double](repeating: 0, count: (rows + 2) * (columns + 2))
    for row in 0...rows + 1 {
        for column in 0...columns + 1 {
            let (globalRow, globalColumn) = (ranges[0].lowerBound + row - 1, ranges[1].lowerBound + column - 1)
            let isInside = 0..<points ~= globalRow && 0..<points ~= globalColumn
            if !isInside { block[place(row, column)] = solution(row, column) }
        }
    }

    let row = try Layout<Double>.contiguous(columns)
    let column = try Layout<Double>.vector(count: rows, stride: columns + 2)
    // To and from the neighbors above, below, left and right.
    let halo = try HaloParts(
        sending: [
            .init(row, at: place(1, 1)), .init(row, at: place(rows, 1)),
            .init(column, at: place(1, 1)), .init(column, at: place(1, columns)),
        ],
        receiving: [
            .init(row, at: place(0, 1)), .init(row, at: place(rows + 1, 1)),
            .init(column, at: place(1, 0)), .init(column, at: place(1, columns + 1)),
        ])
    var next = block
    var steps = 0
    var change = Double.infinity
    while change > 1e-10 {
        try grid.Neighbor_alltoallw(halo, in: &block)
        change = 0
        for row in 0..<rows {
            for column in 0..<columns {
                let middle = place(row + 1, column + 1)
                let (above, below) = (block[middle - columns - 2], block[middle + columns + 2])
                next[middle] = 0.25 * (above + below + block[middle - 1] + block[middle + 1])
                change = max(change, abs(next[middle] - block[middle]))
            }
        }
        swap(&block, &next)
        change = try grid.Allreduce(change, op: .max)
        steps += 1
    }

    let file = try HDF5File.create(path, communicator: grid)
    let field = try file.createDataset("u", of: Double.self, shape: [points, points])
    try field.setAttribute("steps", to: steps)
    try field.write(
        block, memoryShape: [rows + 2, columns + 2], memory: Hyperslab(1..<rows + 1, 1..<columns + 1),
        to: Hyperslab(ranges[0], ranges[1]))
    try file.close()

    var error = 0.0
    for row in 0..<rows {
        for column in 0..<columns {
            error = max(error, abs(block[place(row + 1, column + 1)] - solution(row + 1, column + 1)))
        }
    }
    error = try grid.Allreduce(error, op: .max)
    precondition(error < 1e-7)
    if world.rank == 0 { print("\(steps) steps on \(dimensions[0]) x \(dimensions[1]) ranks") }
}
