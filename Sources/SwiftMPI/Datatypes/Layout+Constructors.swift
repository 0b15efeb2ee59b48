internal import CMPI

/// The order in which an array stores its axes.
public enum StorageOrder: Sendable {
    /// Elements are contiguous along the last axis.
    case c
    /// Elements are contiguous along the first axis.
    case fortran

    fileprivate var raw: CInt {
        switch self {
        case .c: CInt(MPI_ORDER_C)
        case .fortran: CInt(MPI_ORDER_FORTRAN)
        }
    }
}

extension Layout {
    /// Returns a layout of consecutive items.
    ///
    /// - Parameters:
    ///   - count: The number of items, 0 or more.
    ///   - item: The layout to repeat; single elements by default.
    /// - Throws: ``MPIError`` for a negative count or a count above 2³¹−1.
    ///
    /// MPI: `MPI_Type_contiguous`, MPI-3.1 §4.1.2.
    public static func contiguous(_ count: Int, of item: Layout = .element) throws(MPIError) -> Layout {
        var new = CMPI_DATATYPE_NULL()
        let cCount = try size(count, "MPI_Type_contiguous")
        try check("MPI_Type_contiguous", MPI_Type_contiguous(cCount, item.handle, &new))
        return try Layout(unwrapped(new), isTiling: item.disjointCount == .max) { item.pieces(of: [0..<count]) }
    }

    /// Returns a layout of equally spaced blocks of items, such as a column of a matrix.
    ///
    /// - Parameters:
    ///   - count: The number of blocks.
    ///   - blockLength: The number of items in each block.
    ///   - stride: The distance from the beginning of one block to the beginning of the next, in items. May be
    ///     negative.
    ///   - item: The layout of the items; single elements by default.
    /// - Throws: ``MPIError`` for negative counts.
    ///
    /// MPI: `MPI_Type_create_hvector`, MPI-3.1 §4.1.2.
    public static func vector(
        count: Int, blockLength: Int = 1, stride: Int, of item: Layout = .element
    ) throws(MPIError) -> Layout {
        var new = CMPI_DATATYPE_NULL()
        try check(
            "MPI_Type_create_hvector",
            MPI_Type_create_hvector(
                try size(count, "MPI_Type_create_hvector"), try size(blockLength, "MPI_Type_create_hvector"),
                try item.bytes([stride], "MPI_Type_create_hvector")[0], item.handle, &new))
        let isTiling = item.disjointCount == .max && (count <= 1 || blockLength <= abs(stride))
        return try Layout(unwrapped(new), isTiling: isTiling) {
            item.pieces(of: (0..<count).map { $0 * stride..<$0 * stride + blockLength })
        }
    }

    /// Returns a layout of blocks of items with individual lengths and positions.
    ///
    /// - Parameters:
    ///   - lengths: The number of items in each block.
    ///   - displacements: The position of each block, in items, one for each length. The blocks may be in any order.
    ///   - item: The layout of the items; single elements by default.
    /// - Throws: ``MPIError`` for negative lengths, or for lists of different lengths.
    ///
    /// MPI: `MPI_Type_create_hindexed`, MPI-3.1 §4.1.2.
    public static func indexed(
        lengths: [Int], displacements: [Int], of item: Layout = .element
    ) throws(MPIError) -> Layout {
        if lengths.count != displacements.count {
            throw MPIError(
                refused: "MPI_Type_create_hindexed", .argument,
                "\(lengths.count) lengths and \(displacements.count) displacements are not as many")
        }
        var cLengths: [CInt] = []
        for length in lengths { cLengths.append(try size(length, "MPI_Type_create_hindexed")) }
        let bytes = try item.bytes(displacements, "MPI_Type_create_hindexed")
        var new = CMPI_DATATYPE_NULL()
        let count = try size(lengths.count, "MPI_Type_create_hindexed")
        try check(
            "MPI_Type_create_hindexed", MPI_Type_create_hindexed(count, cLengths, bytes, item.handle, &new))
        return try Layout(unwrapped(new), isTiling: false) {
            item.pieces(of: zip(displacements, lengths).map { $0..<$0 + $1 })
        }
    }

    /// Returns a layout of blocks of equal length with individual positions.
    ///
    /// - Parameters:
    ///   - blockLength: The number of items in each block.
    ///   - displacements: The position of each block, in items. The blocks may be in any order.
    ///   - item: The layout of the items; single elements by default.
    /// - Throws: ``MPIError`` for a negative length.
    ///
    /// MPI: `MPI_Type_create_hindexed_block`, MPI-3.1 §4.1.2.
    public static func indexed(
        blockLength: Int = 1, displacements: [Int], of item: Layout = .element
    ) throws(MPIError) -> Layout {
        let count = try size(displacements.count, "MPI_Type_create_hindexed_block")
        let length = try size(blockLength, "MPI_Type_create_hindexed_block")
        let bytes = try item.bytes(displacements, "MPI_Type_create_hindexed_block")
        var new = CMPI_DATATYPE_NULL()
        try check(
            "MPI_Type_create_hindexed_block",
            MPI_Type_create_hindexed_block(count, length, bytes, item.handle, &new))
        return try Layout(unwrapped(new), isTiling: false) {
            item.pieces(of: displacements.map { $0..<$0 + blockLength })
        }
    }

    /// Returns the layout of a block of a multidimensional array. Its extent is the whole array.
    ///
    /// - Parameters:
    ///   - sizes: The number of items of the array along each axis, at least 1.
    ///   - subsizes: The number of items of the block along each axis.
    ///   - starts: The index at which the block begins along each axis, counted from 0.
    ///   - order: The order in which the array stores its axes.
    ///   - item: The layout of the items; single elements by default.
    /// - Throws: ``MPIError`` for a block that is not inside the array.
    ///
    /// MPI: `MPI_Type_create_subarray`, MPI-3.1 §4.1.3.
    public static func subarray(
        sizes: [Int], subsizes: [Int], starts: [Int], order: StorageOrder = .c, of item: Layout = .element
    ) throws(MPIError) -> Layout {
        let axes = sizes.indices
        guard !axes.isEmpty, subsizes.indices == axes, starts.indices == axes,
            axes.allSatisfy({ starts[$0] >= 0 && subsizes[$0] >= 1 && starts[$0] <= sizes[$0] - subsizes[$0] }),
            sizes.allSatisfy({ $0 <= Int(CInt.max) })
        else {
            throw MPIError(
                refused: "MPI_Type_create_subarray", .argument,
                "\(subsizes) elements from \(starts) are no block of an array of \(sizes)")
        }
        var new = CMPI_DATATYPE_NULL()
        try check(
            "MPI_Type_create_subarray",
            MPI_Type_create_subarray(
                CInt(axes.count), sizes.map { CInt($0) }, subsizes.map { CInt($0) }, starts.map { CInt($0) },
                order.raw, item.handle, &new))
        return try Layout(unwrapped(new), isTiling: item.disjointCount == .max) {
            // From the axis with the largest stride to the axis whose items are contiguous.
            let outerFirst = order == .c ? Array(axes) : axes.reversed()
            let places = outerFirst.reduce([0]) { places, axis in
                places.flatMap { place in
                    (starts[axis]..<starts[axis] + subsizes[axis]).map { place * sizes[axis] + $0 }
                }
            }
            return item.pieces(of: places.map { $0..<$0 + 1 })
        }
    }

    /// Returns a layout of the same elements with another distance from one item to the next.
    ///
    /// The columns of a matrix follow each other at a distance of one element: `column.resized(extent: 1)`.
    ///
    /// - Parameters:
    ///   - lowerBound: The beginning of an item, in elements.
    ///   - extent: The distance from one item to the next, in elements, at least 1.
    /// - Throws: ``MPIError`` for an extent below 1.
    ///
    /// MPI: `MPI_Type_create_resized`, MPI-3.1 §4.1.7.
    public func resized(lowerBound: Int = 0, extent: Int) throws(MPIError) -> Layout {
        if extent < 1 {
            throw MPIError(
                refused: "MPI_Type_create_resized", .argument, "an extent of \(extent) elements is less than 1")
        }
        let bounds = try Layout.element.bytes([lowerBound, extent], "MPI_Type_create_resized")
        var new = CMPI_DATATYPE_NULL()
        try check("MPI_Type_create_resized", MPI_Type_create_resized(handle, bounds[0], bounds[1], &new))
        return try Layout(unwrapped(new), isTiling: false, pieces: pieces)
    }

    /// Returns a copy of the layout that has its own datatype.
    ///
    /// MPI: `MPI_Type_dup`, MPI-3.1 §4.1.10.
    public func dup() throws(MPIError) -> Layout {
        var new = CMPI_DATATYPE_NULL()
        try check("MPI_Type_dup", MPI_Type_dup(handle, &new))
        return try Layout(unwrapped(new), isTiling: disjointCount == .max, pieces: pieces)
    }
}

extension Layout {
    /// Returns a count as a C `int`, and throws if it is negative.
    private static func size(_ count: Int, _ function: StaticString) throws(MPIError) -> CInt {
        if count < 0 { throw MPIError(refused: function, .count, "\(count) is no count") }
        return try cCount(count, function)
    }

    /// Converts distances from items to bytes.
    private func bytes(_ distances: [Int], _ function: StaticString) throws(MPIError) -> [MPI_Aint] {
        var bytes: [MPI_Aint] = []
        for distance in distances {
            let product = distance.multipliedReportingOverflow(by: extent * MemoryLayout<Element>.stride)
            if product.overflow {
                throw MPIError(
                    refused: function, .argument, "\(distance) items are farther than memory reaches")
            }
            bytes.append(product.partialValue)
        }
        return bytes
    }
}
