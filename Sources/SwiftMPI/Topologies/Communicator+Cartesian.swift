internal import CMPI

extension Communicator {
    /// Arranges the ranks on a grid.
    ///
    /// Collective.
    ///
    /// - Parameters:
    ///   - dimensions: Ranks along each axis, all at least 1; together at most as many as the communicator has. None at
    ///     all make a grid of one rank.
    ///   - periodic: Whether each axis closes to a ring; all `false` if not given.
    ///   - reorder: Whether ranks may be numbered anew to suit the machine.
    /// - Returns: The grid; `nil` on ranks left over.
    /// - Throws: ``MPIError`` for dimensions that need more ranks than there are.
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

    /// The rank this process would get on a grid that may be reordered; see
    /// ``cartesian(dimensions:periodic:reorder:)``.
    ///
    /// - Returns: The rank; `nil` if the process would be left over.
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
