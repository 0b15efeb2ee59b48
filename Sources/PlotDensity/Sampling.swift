import SystemSupport

/// The points of a coordinate that a picture shows: at least two, equidistant and in ascending order.
struct Sampling {
    /// The part of the axis that is read.
    let first: Int
    let readCount: Int
    let step: Int
    /// For each point of the picture, the index of the point that it shows among those read.
    let picks: [Int]
    /// The position of the first point of the picture, and the distance between neighboring points.
    let origin: Double
    let spacing: Double

    /// The number of points in the picture along the axis.
    var count: Int { picks.count }

    /// Samples a coordinate: equidistant points are shown as they are, thinned out if there are too many. Other
    /// coordinates are shown at equidistant points, each of which shows the nearest value.
    ///
    /// - Throws: ``UserError`` of status 64 if the values neither rise nor fall throughout.
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
                // gnuplot cannot draw an image with a single row or column.
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

    /// Returns the index along the axis of the value that a point of the picture shows.
    func index(ofPoint point: Int) -> Int { first + picks[point] * step }
}
