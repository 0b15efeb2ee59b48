internal import CMPI

// Groups selected by the ranks of their members.
extension Group {
    /// Returns the group of the members with the given ranks, in the given order.
    ///
    /// - Parameter ranks: Distinct ranks of this group, such as `[4, 0]`, `0..<3` or
    ///   `stride(from: 0, to: size, by: 2)`.
    /// - Throws: ``MPIError`` for a rank outside the group or listed twice.
    ///
    /// MPI: `MPI_Group_incl`, MPI-3.1 §6.3.2.
    public func including(_ ranks: some Sequence<Int>) throws(MPIError) -> Group {
        let ranks = try distinct(ranks, "MPI_Group_incl")
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_incl", MPI_Group_incl(handle, CInt(ranks.count), ranks, &new))
        return try Group(unwrapped(new))
    }

    /// Returns the group of all members except those with the given ranks, in their current order.
    ///
    /// - Parameter ranks: Distinct ranks of this group.
    /// - Throws: ``MPIError`` for a rank outside the group or listed twice.
    ///
    /// MPI: `MPI_Group_excl`, MPI-3.1 §6.3.2.
    public func excluding(_ ranks: some Sequence<Int>) throws(MPIError) -> Group {
        let ranks = try distinct(ranks, "MPI_Group_excl")
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_excl", MPI_Group_excl(handle, CInt(ranks.count), ranks, &new))
        return try Group(unwrapped(new))
    }

    /// An arithmetic sequence of ranks: `first`, `first + stride`, … up to `last`.
    public typealias StridedRange = (first: Int, last: Int, stride: Int)

    /// Returns the group of the members whose ranks lie in strided ranges, in the order of the ranges.
    ///
    /// - Throws: ``MPIError`` for a stride of 0, and for a rank outside the group or listed twice.
    ///
    /// MPI: `MPI_Group_range_incl`, MPI-3.1 §6.3.2.
    public func including(ranges: [StridedRange]) throws(MPIError) -> Group {
        var triplets = try triplets(ranges, "MPI_Group_range_incl")
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_range_incl", MPI_Group_range_incl(handle, CInt(triplets.count), &triplets, &new))
        return try Group(unwrapped(new))
    }

    /// Returns the group of the members whose ranks lie outside strided ranges, in their current order.
    ///
    /// - Throws: ``MPIError`` for a stride of 0, and for a rank outside the group or listed twice.
    ///
    /// MPI: `MPI_Group_range_excl`, MPI-3.1 §6.3.2.
    public func excluding(ranges: [StridedRange]) throws(MPIError) -> Group {
        var triplets = try triplets(ranges, "MPI_Group_range_excl")
        var new = CMPI_GROUP_NULL()
        try check("MPI_Group_range_excl", MPI_Group_range_excl(handle, CInt(triplets.count), &triplets, &new))
        return try Group(unwrapped(new))
    }

    /// Translates ranks of this group to ranks of another group.
    ///
    /// - Parameters:
    ///   - ranks: Ranks of this group, which may repeat, or ``MPI/procNull``, which is returned unchanged.
    ///   - other: Any group.
    /// - Returns: One element for each rank; `nil` for a process that is not in the other group.
    /// - Throws: ``MPIError`` for a rank outside this group.
    ///
    /// MPI: `MPI_Group_translate_ranks`, MPI-3.1 §6.3.1.
    public func translate(_ ranks: some Sequence<Int>, to other: Group) throws(MPIError) -> [Int?] {
        let function: StaticString = "MPI_Group_translate_ranks"
        var cRanks: [CInt] = []
        for rank in ranks {
            guard (0..<size).contains(rank) || rank == MPI.procNull else { throw outside(rank, function) }
            cRanks.append(CInt(rank))
        }
        var translated = [CInt](repeating: 0, count: cRanks.count)
        try check(
            function, MPI_Group_translate_ranks(handle, CInt(cRanks.count), cRanks, other.handle, &translated))
        return translated.map { $0 == CMPI_UNDEFINED() ? nil : Int($0) }
    }
}

extension Group {
    /// Returns the ranges in the form that MPI takes; throws if two ranges share a rank.
    private func triplets(
        _ ranges: [StridedRange], _ function: StaticString
    ) throws(MPIError) -> [(CInt, CInt, CInt)] {
        if ranges.contains(where: { $0.stride == 0 }) {
            throw MPIError(refused: function, .argument, "a stride of 0")
        }
        let ranks = ranges.lazy.map { stride(from: $0.first, through: $0.last, by: $0.stride) }.joined()
        _ = try distinct(ranks, function)
        // Swift allows empty ranges, but MPI does not. MPICH adds the stride to the last rank in C integers, which may
        // overflow. The stride of a range of one rank has no effect and is therefore set to 1.
        return ranges.compactMap { range in
            let ranks = stride(from: range.first, through: range.last, by: range.stride)
            return Array(ranks).last.map { last in
                (CInt(range.first), CInt(last), last == range.first ? 1 : CInt(range.stride))
            }
        }
    }

    private func distinct(_ ranks: some Sequence<Int>, _ function: StaticString) throws(MPIError) -> [CInt] {
        // MPI does not define the result for a rank listed twice.
        var isNamed = [Bool](repeating: false, count: size)
        var distinct: [CInt] = []
        for rank in ranks {
            guard isNamed.indices.contains(rank) else { throw outside(rank, function) }
            if isNamed[rank] {
                throw MPIError(refused: function, .rank, "rank \(rank) is named twice")
            }
            isNamed[rank] = true
            distinct.append(CInt(rank))
        }
        return distinct
    }

    private func outside(_ rank: Int, _ function: StaticString) -> MPIError {
        MPIError(refused: function, .rank, "rank \(rank) is not one of the group's ranks 0..<\(size)")
    }
}
