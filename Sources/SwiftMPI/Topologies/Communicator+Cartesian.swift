internal import CMPI

extension Communicator {
    /// Arranges the ranks on a grid.
    ///
    /// Collective.
    ///
    /// - Parameters:
    ///   - dimensions: The number of ranks along each axis, at least 1. Their product must not exceed the size of the
    ///     communicator. An empty list creates a grid of one rank.
    ///   - periodic: Whether each axis is periodic; all `false` by default.
    ///   - reorder: Whether MPI may renumber the ranks to suit the machine.
    /// - Returns: The grid, or `nil` on ranks that are not part of it.
    /// - Throws: ``MPIError`` if the grid needs more ranks than the communicator has.
    ///
    /// MPI: `MPI_Cart_create`, MPI-3.1 §7.5.1.
    public final func cartesian(
        dimensions: [Int], periodic: [Bool]? = nil, reorder: Bool = false
    ) throws(MPIError) -> CartesianCommunicator? {
        let (cDimensions, cPeriodic) = try cGrid(dimensions, periodic, "MPI_Cart_create")
        var new = CMPI_COMM_NULL()
        let code = MPI_Cart_create(
            handle, CInt(dimensions.count), cDimensions, cPeriodic, reorder ? 1 : 0, &new)
        try check("MPI_Cart_create", code)
        if new == CMPI_COMM_NULL() { return nil }
        return try CartesianCommunicator(unwrapped(new), from: self).joiningRepeatedNeighbors()
    }

    /// Returns the rank that this process would get on a grid that may be reordered; see
    /// ``cartesian(dimensions:periodic:reorder:)``.
    ///
    /// - Returns: The rank, or `nil` if the process would not be part of the grid.
    ///
    /// MPI: `MPI_Cart_map`, MPI-3.1 §7.5.8.
    public final func rankOnCartesian(dimensions: [Int], periodic: [Bool]? = nil) throws(MPIError) -> Int? {
        let (cDimensions, cPeriodic) = try cGrid(dimensions, periodic, "MPI_Cart_map")
        var rank: CInt = 0
        try check("MPI_Cart_map", MPI_Cart_map(handle, CInt(dimensions.count), cDimensions, cPeriodic, &rank))
        return numbered(rank, of: dimensions.reduce(1, *))
    }

    private func cGrid(
        _ dimensions: [Int], _ periodic: [Bool]?, _ function: StaticString
    ) throws(MPIError) -> (dimensions: [CInt], periodic: [CInt]) {
        try requireIntra(function)
        let periodic = periodic ?? dimensions.map { _ in false }
        try requireCount(periodic.count, dimensions.count, "the list of periodic axes", function)
        if gridSize(dimensions, atMost: size) == nil {
            throw MPIError(
                refused: function, .dimensions,
                "\(dimensions.map(String.init).joined(separator: "x")) ranks were asked for, there are \(size)")
        }
        return (dimensions.map { CInt($0) }, periodic.map { $0 ? 1 : 0 })
    }
}
