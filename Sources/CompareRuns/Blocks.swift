import ParallelHDF5

/// A dataset divided into blocks of bounded size, each of which is a run of consecutive elements in row-major order.
struct Blocks: Sequence {
    let shape: [Int]
    /// The axis along which blocks are cut. Each block spans all axes after it completely, and has a single index along
    /// each axis before it.
    private let axis: Int
    private let rowsPerBlock: Int

    /// - Parameter limit: The maximum number of elements in a block, at least 1.
    init(of shape: [Int], limit: Int) {
        self.shape = shape
        var axis = shape.count - 1
        var rowSize = 1
        while axis > 0, rowSize * Swift.max(1, shape[axis]) <= limit {
            rowSize *= Swift.max(1, shape[axis])
            axis -= 1
        }
        self.axis = axis
        rowsPerBlock = Swift.max(1, limit / rowSize)
    }

    /// Returns an iterator over the blocks, each with the row-major number of its first element.
    func makeIterator() -> AnyIterator<(first: Int, region: Hyperslab)> {
        guard !shape.contains(0) else { return AnyIterator { nil } }
        guard axis >= 0 else {
            return AnyIterator(CollectionOfOne((first: 0, region: Hyperslab(all: []))).makeIterator())
        }
        var start = shape.map { _ in 0 }
        var first = 0
        return AnyIterator {
            guard start[0] < shape[0] else { return nil }
            var count = shape
            for outer in 0..<axis { count[outer] = 1 }
            count[axis] = Swift.min(rowsPerBlock, shape[axis] - start[axis])
            let region = Hyperslab(start: start, count: count)
            defer {
                first += region.elementCount
                start[axis] += count[axis]
                for carry in stride(from: axis, to: 0, by: -1) where start[carry] == shape[carry] {
                    start[carry] = 0
                    start[carry - 1] += 1
                }
            }
            return (first, region)
        }
    }
}

/// Returns the index along each axis of the element with a row-major number.
func index(of element: Int, in shape: [Int]) -> [Int] {
    var rest = element
    return shape.reversed().map { extent in
        defer { rest /= extent }
        return rest % extent
    }.reversed()
}
