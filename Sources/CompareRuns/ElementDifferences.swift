/// The differences between the elements of two datasets of the same shape and type. Elements are numbered in row-major
/// order.
struct ElementDifferences {
    /// The largest difference and the element that has it.
    struct Largest {
        var magnitude: ValueDifference.Magnitude
        var element: Int
    }

    /// The number of elements compared.
    var count = 0
    /// The number of elements that differ in any bit.
    var differing = 0
    /// The number of elements that differ by more than the tolerance, if there is one.
    var beyondTolerance = 0
    /// The number of zeros that differ only in sign, and of NaNs on both sides that differ in their bits.
    var differingOnlyInBits = 0
    /// The number of elements that are NaN on one side only; these have no difference.
    var nanOnOneSide = 0
    var firstDiffering: Int?
    /// The first element to report and its values: the first beyond the tolerance, or the first that differs if there
    /// is no tolerance.
    var first: (element: Int, a: String, b: String)?
    /// The number of differing elements in each frame that has any. A frame is a place along the first axis; datasets
    /// with a single axis have no frames.
    var frames: [Int: Int] = [:]
    private let frameSize: Int?
    var largestAbsolute: Largest?
    var largestRelative: Largest?

    /// - Parameter shape: The shape of the datasets.
    init(shape: [Int]) { frameSize = shape.count > 1 ? max(1, shape.dropFirst().reduce(1, *)) : nil }

    func verdict(_ tolerance: Tolerance?) -> Verdict {
        if differing == 0 { return .identical }
        return tolerance != nil && beyondTolerance == 0 ? .withinTolerance : .different
    }

    /// Counts an element that differs.
    mutating func note(
        _ element: Int, _ difference: ValueDifference, _ a: @autoclosure () -> String, _ b: @autoclosure () -> String
    ) {
        differing += 1
        if firstDiffering == nil { firstDiffering = element }
        if let frameSize { frames[element / frameSize, default: 0] += 1 }
        if difference.isBeyondTolerance {
            beyondTolerance += 1
            if first == nil { first = (element, a(), b()) }
        }
        if difference.isOnlyInBits { differingOnlyInBits += 1 }
        if difference.isNaNOnOneSide { nanOnOneSide += 1 }
        Self.note(element, difference.absolute, in: &largestAbsolute)
        Self.note(element, difference.relative.map { .float($0) }, in: &largestRelative)
    }

    private static func note(_ element: Int, _ magnitude: ValueDifference.Magnitude?, in largest: inout Largest?) {
        guard let magnitude, magnitude.value > largest?.magnitude.value ?? -1 else { return }
        largest = Largest(magnitude: magnitude, element: element)
    }
}
