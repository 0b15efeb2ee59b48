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
        return new == CMPI_COMM_NULL() ? nil : try CartesianCommunicator(unwrapped(new), from: self)
    }

    /// The rank this process would get on a grid that may be reordered; see ``cartesian(dimensions:periodic:reorder:)``.
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
        let needed = dimensions.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard dimensions.allSatisfy({ $0 >= 1 && $0 <= size }), needed <= size else {
            throw MPIError(
                refused: function, MPIError.dimensions,
                "\(dimensions.map(String.init).joined(separator: "x")) ranks were asked for, there are \(size)")
        }
        return (dimensions.map { CInt($0) }, periodic.map { $0 ? 1 : 0 })
    }
}

extension MPI {
    /// The most even arrangement of ranks on a grid.
    ///
    /// - Parameters:
    ///   - ranks: How many there are.
    ///   - axes: How many dimensions the grid has.
    /// - Returns: `axes` numbers, the largest first, whose product is `ranks`.
    ///
    /// MPI: `MPI_Dims_create`, MPI-3.1 §7.5.2.
    public static func balancedDimensions(ranks: Int, axes: Int) throws(MPIError) -> [Int] {
        try balancedDimensions(ranks: ranks, fixed: [Int?](repeating: nil, count: max(0, axes)))
    }

    /// The most even arrangement of ranks on a grid some of whose dimensions are given.
    ///
    /// - Parameters:
    ///   - ranks: How many there are.
    ///   - fixed: For each axis its dimension, or `nil` where it is to be found.
    /// - Returns: The dimensions, whose product is `ranks`; those found come the largest first.
    /// - Throws: ``MPIError`` if `ranks` is no multiple of the given dimensions, or not their product where all are
    ///   given.
    ///
    /// MPI: `MPI_Dims_create`, MPI-3.1 §7.5.2.
    public static func balancedDimensions(ranks: Int, fixed: [Int?]) throws(MPIError) -> [Int] {
        let given = fixed.compactMap(\.self)
        let product = given.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard ranks >= 1, given.allSatisfy({ $0 >= 1 && $0 <= ranks }), product <= ranks,
            given.count < fixed.count ? ranks.isMultiple(of: product) : ranks == product
        else {
            let asked = fixed.map { $0.map(String.init) ?? "?" }.joined(separator: "x")
            throw MPIError(
                refused: "MPI_Dims_create", MPIError.dimensions, "\(ranks) ranks do not fill a grid of \(asked)")
        }
        var dimensions = fixed.map { CInt($0 ?? 0) }
        let code = MPI_Dims_create(try cCount(ranks, "MPI_Dims_create"), CInt(fixed.count), &dimensions)
        try check("MPI_Dims_create", code)
        return dimensions.map { Int($0) }
    }
}
