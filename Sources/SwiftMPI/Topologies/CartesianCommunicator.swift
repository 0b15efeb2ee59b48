internal import CMPI

/// A communicator whose ranks are arranged on a grid of any number of dimensions.
///
/// MPI: Cartesian topologies, MPI-3.1 §7.5.
public final class CartesianCommunicator: Communicator, TopologyCommunicator {
    /// The number of ranks along each axis.
    public let dimensions: [Int]
    /// Whether each axis is periodic.
    public let periodic: [Bool]
    /// The lower and the upper neighbor along each axis, in the order of the axes.
    public let neighbors: (sources: [Int], destinations: [Int])

    /// MPI: `MPI_Cartdim_get`, `MPI_Cart_get`, MPI-3.1 §7.5.5.
    required init(_ handle: MPI_Comm, from parent: Communicator?) throws(MPIError) {
        var axes: CInt = 0
        try check("MPI_Cartdim_get", MPI_Cartdim_get(handle, &axes))
        var dimensions = [CInt](repeating: 0, count: Int(axes))
        var periodic = dimensions
        var coordinates = dimensions
        try check("MPI_Cart_get", MPI_Cart_get(handle, axes, &dimensions, &periodic, &coordinates))
        self.dimensions = dimensions.map { Int($0) }
        self.periodic = periodic.map { $0 != 0 }
        var neighbors: [Int] = []
        for axis in 0..<axes {
            let (below, above) = try shifted(handle, axis: axis, by: 1)
            neighbors += [below, above]
        }
        self.neighbors = (neighbors, neighbors)
        try super.init(handle, from: parent)
    }

    /// The coordinates of this rank.
    public var coordinates: [Int] { get throws(MPIError) { try coordinates(of: rank) } }

    /// Returns the coordinates of a rank, one for each axis.
    ///
    /// MPI: `MPI_Cart_coords`, MPI-3.1 §7.5.5.
    public func coordinates(of rank: Int) throws(MPIError) -> [Int] {
        guard rank >= 0 && rank < size else { throw badRank(rank, "MPI_Cart_coords") }
        var coordinates = [CInt](repeating: 0, count: dimensions.count)
        try check(
            "MPI_Cart_coords", MPI_Cart_coords(handle, CInt(rank), CInt(dimensions.count), &coordinates))
        return coordinates.map { Int($0) }
    }

    /// Returns the rank at the given coordinates, which wrap around along periodic axes.
    ///
    /// - Throws: ``MPIError`` if a coordinate is outside the grid along an axis that is not periodic.
    ///
    /// MPI: `MPI_Cart_rank`, MPI-3.1 §7.5.5.
    public func rank(at coordinates: [Int]) throws(MPIError) -> Int {
        try requireCount(coordinates.count, dimensions.count, "the list of coordinates", "MPI_Cart_rank")
        for axis in dimensions.indices where !periodic[axis] && !(0..<dimensions[axis]).contains(coordinates[axis]) {
            throw MPIError(
                refused: "MPI_Cart_rank", .argument, "coordinates \(coordinates) are outside \(dimensions)")
        }
        // Wraps coordinates here, because they may exceed a C int.
        let wrapped = zip(coordinates, dimensions).map { CInt((($0 % $1) + $1) % $1) }
        var rank: CInt = 0
        try check("MPI_Cart_rank", MPI_Cart_rank(handle, wrapped, &rank))
        return Int(rank)
    }

    /// Returns the two neighbors of this rank in a shift along an axis.
    ///
    /// - Parameters:
    ///   - axis: The axis of the shift.
    ///   - displacement: The distance in ranks, at most 2³¹−1. The sign gives the direction.
    /// - Returns: The rank to receive from and the rank to send to; ``MPI/procNull`` beyond an edge of the grid.
    /// - Throws: ``MPIError`` for an axis that the grid does not have, or a displacement out of range.
    ///
    /// MPI: `MPI_Cart_shift`, MPI-3.1 §7.5.6.
    public func shift(axis: Int, by displacement: Int = 1) throws(MPIError) -> (source: Int, destination: Int) {
        guard dimensions.indices.contains(axis) else {
            throw MPIError(
                refused: "MPI_Cart_shift", .dimensions,
                "axis \(axis) is not one of the axes 0..<\(dimensions.count)")
        }
        let limit = Int(CInt.max)
        guard (-limit...limit).contains(displacement) else {
            throw MPIError(
                refused: "MPI_Cart_shift", .argument,
                "displacement \(displacement) along axis \(axis) is not one of \(-limit)...\(limit)")
        }
        // Reduces the displacement to the range of the coordinates, because the library may add the two as C ints.
        let extent = dimensions[axis]
        let reduced = periodic[axis] ? displacement % extent : min(max(displacement, -extent), extent)
        return try shifted(handle, axis: CInt(axis), by: CInt(reduced))
    }

    /// Divides the grid into grids of fewer dimensions by dropping some axes.
    ///
    /// Collective.
    ///
    /// - Parameter axes: Whether to keep each axis. If no axis is kept, every rank gets its own grid without axes.
    ///
    /// MPI: `MPI_Cart_sub`, MPI-3.1 §7.5.7.
    public func sub(keeping axes: [Bool]) throws(MPIError) -> CartesianCommunicator {
        try requireCount(axes.count, dimensions.count, "the list of axes", "MPI_Cart_sub")
        // In this case, MPICH 4 creates a grid for rank 0 only.
        guard axes.contains(true) else { return try split(color: rank)!.cartesian(dimensions: [])! }
        var new = CMPI_COMM_NULL()
        try check("MPI_Cart_sub", MPI_Cart_sub(handle, axes.map { $0 ? 1 : 0 }, &new))
        return try CartesianCommunicator(unwrapped(new), from: self).joiningRepeatedNeighbors()
    }

    /// Gives the grid a ``NeighborExchange`` if a rank is a neighbor on both sides of an axis.
    func joiningRepeatedNeighbors() throws(MPIError) -> CartesianCommunicator {
        // A block sent to the lower neighbor is received as the block from the upper neighbor.
        if zip(dimensions, periodic).contains(where: { $0 <= 2 && $1 }) {
            neighborExchange = try NeighborExchange(self) { $0 ^ 1 }
        }
        return self
    }
}

private func shifted(
    _ handle: MPI_Comm, axis: CInt, by displacement: CInt
) throws(MPIError) -> (source: Int, destination: Int) {
    var source: CInt = 0
    var destination: CInt = 0
    try check("MPI_Cart_shift", MPI_Cart_shift(handle, axis, displacement, &source, &destination))
    return (Int(source), Int(destination))
}
