/// How the elements of two datasets of the same shape and type differ. Elements are numbered in row-major order.
struct ElementDifferences {
    /// A largest difference and where it is.
    struct Largest {
        var magnitude: ValueDifference.Magnitude
        var element: Int
    }

    /// The elements looked at.
    var count = 0
    /// Elements of which any bit differs.
    var differing = 0
    /// Elements that differ by more than the tolerance, if there is one.
    var beyondTolerance = 0
    /// Zeros that differ in sign only, and NaNs on both sides whose bits differ.
    var differingOnlyInBits = 0
    /// Elements that are NaN on one side only; they have no difference.
    var nanOnOneSide = 0
    var firstDiffering: Int?
    /// The first element to report and its values: beyond the tolerance, or differing at all where there is none.
    var first: (element: Int, a: String, b: String)?
    /// How many elements differ in each frame, a place along the first axis, where any does; none for a single axis.
    var frames: [Int: Int] = [:]
    private let frameSize: Int?
    var largestAbsolute: Largest?
    var largestRelative: Largest?

    /// - Parameter shape: Of the datasets.
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
