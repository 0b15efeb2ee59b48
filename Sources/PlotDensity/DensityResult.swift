import CommandSupport
import ParallelHDF5

/// A result of diff2d, opened to be drawn: `density(time, y, x)`, its coordinates and what is known of each state.
///
/// Whatever throws is a ``UserError`` of status 64: the file is not what was asked for.
struct DensityResult: ~Copyable {
    /// A coordinate or a quantity with its unit.
    struct Quantity {
        var values: [Double]
        /// As axis labels have it: `x / m`, or the name alone where there is no unit.
        var label: String
        var unit: String
    }

    let path: String
    let time: Quantity
    let x: Quantity
    let y: Quantity
    let mass: Quantity
    let maximum: Quantity
    let minimum: Quantity
    /// What the file says it is.
    let title: String
    let densityLabel: String
    /// The points along each axis that are read for a picture.
    let columns: Sampling
    let rows: Sampling
    private let file: HDF5File
    private let density: HDF5Dataset

    var times: [Double] { time.values }

    /// - Parameter pixels: how many points along an axis a picture can show.
    init(_ path: String, pixels: Int) throws(UserError) {
        let opened = try asked { () throws(HDF5Error) in try HDF5File.open(path) }
        let dataset = try asked { () throws(HDF5Error) in try opened.openDataset("density") }
        let shape = dataset.shape
        guard shape.count == 3, !shape.contains(0) else {
            throw UserError(
                "cannot draw \(path): its density has the shape \(shape), not (time, y, x)",
                exitStatus: ExitStatus.usage)
        }
        let time = try opened.quantity("time", count: shape[0])
        let y = try opened.quantity("y", count: shape[1])
        let x = try opened.quantity("x", count: shape[2])
        let mass = try opened.quantity("mass", count: shape[0])
        let maximum = try opened.quantity("maximum", count: shape[0])
        let minimum = try opened.quantity("minimum", count: shape[0])
        let (title, label) = try asked { () throws(HDF5Error) in
            (
                try opened.hasAttribute("title") ? opened.attribute("title") : "density",
                try dataset.label("density").text
            )
        }
        (self.time, self.y, self.x) = (time, y, x)
        (self.mass, self.maximum, self.minimum) = (mass, maximum, minimum)
        (self.title, densityLabel) = (title, label)
        file = opened
        density = dataset
        self.path = path
        rows = Sampling(y.values, atMost: pixels)
        columns = Sampling(x.values, atMost: pixels)
    }

    /// A state, row by row, with as many points as a picture can show.
    func frame(_ state: Int) throws(UserError) -> [Double] {
        try read(
            Hyperslab(
                start: [state, rows.first, columns.first], count: [1, rows.count, columns.count],
                step: [1, rows.step, columns.step]))
    }

    /// A state along the grid line nearest to a position.
    func values(_ state: Int, along line: LineSelection) throws(UserError) -> [Double] {
        switch line.axis {
        case .y: try read(Hyperslab(state..<state + 1, one(y.nearest(line.position)), 0..<x.values.count))
        case .x: try read(Hyperslab(state..<state + 1, 0..<y.values.count, one(x.nearest(line.position))))
        }
    }

    private func one(_ index: Int) -> Range<Int> { index..<index + 1 }

    private func read(_ region: Hyperslab) throws(UserError) -> [Double] {
        var values = [Double](repeating: 0, count: region.elementCount)
        try asked { () throws(HDF5Error) in
            try values.withUnsafeMutableBufferPointer { (buffer) throws(HDF5Error) in
                try density.readConverted(into: buffer, from: region)
            }
        }
        return values
    }
}

/// Points of a coordinate at equal distances, as many as can be shown, around its middle.
struct Sampling {
    let first: Int
    let count: Int
    let step: Int
    /// Where the first lies, and how far one is from the next.
    let origin: Double
    let spacing: Double

    init(_ coordinates: [Double], atMost most: Int) {
        let total = coordinates.count
        step = (total + most - 1) / most
        count = (total + step - 1) / step
        first = (total - 1 - (count - 1) * step) / 2
        origin = coordinates[first]
        let distance = total > 1 ? (coordinates[total - 1] - coordinates[0]) / Double(total - 1) : 1
        spacing = distance * Double(step)
    }
}

extension DensityResult.Quantity {
    /// The index of the value nearest to `position`.
    func nearest(_ position: Double) -> Int {
        values.indices.min { abs(values[$0] - position) < abs(values[$1] - position) }!
    }
}

/// Reads what the user said is there.
private func asked<R: ~Copyable>(_ body: () throws(HDF5Error) -> R) throws(UserError) -> R {
    do { return try body() } catch { throw UserError("\(error)", exitStatus: ExitStatus.usage) }
}

extension HDF5File {
    fileprivate func quantity(_ name: String, count: Int) throws(UserError) -> DensityResult.Quantity {
        let dataset = try asked { () throws(HDF5Error) in try openDataset(name) }
        guard dataset.shape == [count] else {
            throw UserError(
                "cannot draw \(filePath): its \(name) has the shape \(dataset.shape), not [\(count)]",
                exitStatus: ExitStatus.usage)
        }
        return try asked { () throws(HDF5Error) in
            let (label, unit) = try dataset.label(name)
            return DensityResult.Quantity(values: try dataset.read(Double.self), label: label, unit: unit)
        }
    }
}

extension HDF5Dataset {
    /// The name with its unit as an axis has it, and the unit.
    fileprivate func label(_ name: String) throws(HDF5Error) -> (text: String, unit: String) {
        let unit: String = try hasAttribute("units") ? attribute("units") : "1"
        if unit == "1" { return (name, "") }
        let raised = unit == "m2" ? "m²" : unit
        return ("\(name) / \(raised)", raised)
    }
}
