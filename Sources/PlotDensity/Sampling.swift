import SystemSupport

/// The points of a coordinate that a picture shows: at equal distances in ascending order, at least two.
struct Sampling {
    /// What is read along the axis.
    let first: Int
    let readCount: Int
    let step: Int
    /// Which of the points that are read each point of the picture shows.
    let picks: [Int]
    /// Where the first point of the picture lies, and how far one is from the next.
    let origin: Double
    let spacing: Double

    /// How many points the picture has along the axis.
    var count: Int { picks.count }

    /// Coordinates at equal distances are shown as they are, at most some of them; others by the nearest of them.
    ///
    /// - Throws: ``UserError`` of status 64 for values that neither rise nor fall throughout.
    init(_ coordinate: Quantity, atMost most: Int, of path: String) throws(UserError) {
        let values = coordinate.values
        let total = values.count
        let gaps = zip(values.dropFirst(), values).map { $0 - $1 }
        let isFalling = gaps.first.map { $0 < 0 } ?? false
        guard gaps.allSatisfy({ isFalling ? $0 < 0 : $0 > 0 }) else {
            throw UserError(
                "cannot draw \(path): the values of \(coordinate.name) neither rise nor fall throughout",
                exitStatus: ExitStatus.usage)
        }

        let distance = total > 1 ? abs(values[total - 1] - values[0]) / Double(total - 1) : 1
        let isEven = values.indices.allSatisfy { index in
            abs(abs(values[index] - values[0]) - Double(index) * distance) <= distance / 100
        }
        if isEven {
            step = (total + most - 1) / most
            readCount = (total + step - 1) / step
            first = (total - 1 - (readCount - 1) * step) / 2
            let lowest = min(values[first], values[first + (readCount - 1) * step])
            if readCount == 1 {
                // gnuplot draws no image of a single row or column.
                picks = [0, 0]
                spacing = distance / 2
                origin = lowest - distance / 4
            } else {
                picks = isFalling ? (0..<readCount).reversed() : Array(0..<readCount)
                spacing = distance * Double(step)
                origin = lowest
            }
        } else {
            (first, readCount, step) = (0, total, 1)
            let rising = isFalling ? values.reversed() : values
            let widths = gaps.map(abs)
            let low = rising[0] - (rising[1] - rising[0]) / 2
            let high = rising[total - 1] + (rising[total - 1] - rising[total - 2]) / 2
            let wanted = max(2, ((high - low) / widths.min()!).rounded(.up))
            let count = Int(min(wanted, Double(most)))
            spacing = (high - low) / Double(count)
            origin = low + spacing / 2
            var (nearest, picks) = (0, [Int]())
            for point in 0..<count {
                let place = origin + Double(point) * spacing
                while nearest + 1 < total, place > (rising[nearest] + rising[nearest + 1]) / 2 { nearest += 1 }
                picks.append(isFalling ? total - 1 - nearest : nearest)
            }
            self.picks = picks
        }
    }

    /// The index along the axis of what a point of the picture shows.
    func index(ofPoint point: Int) -> Int { first + picks[point] * step }
}
