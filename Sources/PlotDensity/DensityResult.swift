import ParallelHDF5
import SystemSupport

/// A field `density(time, y, x)` of a netCDF-4 file, such as a result of diff2d, opened for drawing, with its
/// coordinates and the known quantities of each state. The dimensions may have other names, and the time dimension is
/// optional.
///
/// All errors thrown are ``UserError`` of status 64, because the file is not what the user asked for.
struct DensityResult: ~Copyable {
    let path: String
    let stateCount: Int
    /// The time; `nil` for a density without leading axes, which has a single state.
    let time: Quantity?
    let x: Quantity
    let y: Quantity
    /// The mass over time; `nil` if the file does not contain it.
    let mass: Quantity?
    /// The maximum and minimum of each state, as stored in the file, otherwise computed from the points that are drawn;
    /// NaN for a state without values.
    let maximum: [Double]
    let minimum: [Double]
    /// The title of the file.
    let title: String
    let densityLabel: String
    /// The points along each axis that are read and shown in a picture.
    let columns: Sampling
    let rows: Sampling
    private let file: HDF5File
    private let density: Frames

    /// - Parameter pixels: The maximum number of points that a picture can show along an axis.
    init(_ path: String, pixels: Int) throws(UserError) {
        let opened = try asked { () throws(HDF5Error) in try HDF5File.open(path) }
        let density = try Frames(of: opened)
        var time = Quantity?.none
        if let axis = density.timeAxis { time = try density.coordinate("time", axis, opened) }
        let y = try density.coordinate("y", density.yAxis, opened)
        let x = try density.coordinate("x", density.yAxis + 1, opened)
        let rows = try Sampling(y, atMost: pixels, of: path)
        let columns = try Sampling(x, atMost: pixels, of: path)
        let stateCount = density.count
        var series = [Quantity?](repeating: nil, count: 3)
        if time != nil {
            series = try asked { () throws(HDF5Error) in
                try ["mass", "minimum", "maximum"].map { (name) throws(HDF5Error) in
                    try opened.quantity(name, count: stateCount, isNetCDF: density.isNetCDF)
                }
            }
        }
        for quantity in series.compactMap(\.self) { try requireDrawable(quantity.values, of: quantity.name, in: path) }
        let known = series.map { series in series.flatMap { $0.values.allSatisfy(\.isFinite) ? $0.values : nil } }
        var (minimum, maximum) = (known[1] ?? [], known[2] ?? [])
        if known[1] == nil || known[2] == nil {
            (minimum, maximum) = ([], [])
            for state in 0..<stateCount {
                let values = try density.values(state, rows, columns).filter(\.isFinite)
                minimum.append(values.min() ?? .nan)
                maximum.append(values.max() ?? .nan)
            }
        }
        let (title, label) = try asked { () throws(HDF5Error) in
            (
                try opened.text(ofAttribute: "title") ?? "density",
                try Quantity(name: "density", values: [], unitOf: density.variable.dataset).label
            )
        }
        self.path = path
        self.stateCount = stateCount
        (self.time, self.y, self.x, mass) = (time, y, x, series[0])
        (self.minimum, self.maximum) = (minimum, maximum)
        (self.title, densityLabel) = (title, label)
        (self.rows, self.columns) = (rows, columns)
        file = opened
        self.density = density
    }

    /// Returns a state, row by row from the lowest coordinates upwards, with as many points as a picture can show and
    /// NaN for non-finite values, and the number of infinite values among those read.
    func frame(_ state: Int) throws(UserError) -> (points: [Double], infiniteCount: Int) {
        let values = try density.values(state, rows, columns)
        var points: [Double] = []
        points.reserveCapacity(rows.count * columns.count)
        for row in rows.picks {
            for column in columns.picks { points.append(values[row * columns.readCount + column].finiteOrNaN) }
        }
        return (points, values.count(where: \.isInfinite))
    }

    /// Returns a state along the grid line nearest to a position, with NaN for non-finite values.
    func values(_ state: Int, along line: LineSelection) throws(UserError) -> [Double] {
        let values =
            switch line.axis {
            case .y: try density.values(state, one(y.nearest(line.position)), 0..<x.values.count)
            case .x: try density.values(state, 0..<y.values.count, one(x.nearest(line.position)))
            }
        return values.map(\.finiteOrNaN)
    }

    private func one(_ index: Int) -> Range<Int> { index..<index + 1 }
}

/// A coordinate or a quantity with its unit.
struct Quantity {
    let name: String
    let values: [Double]
    /// The unit; empty if there is none.
    let unit: String

    /// The axis label: `x / m`, or the name alone if there is no unit.
    var label: String { unit.isEmpty ? name : "\(name) / \(unit)" }

    /// Returns the index of the value nearest to `position`.
    func nearest(_ position: Double) -> Int {
        values.indices.min { abs(values[$0] - position) < abs(values[$1] - position) }!
    }
}

extension Quantity {
    /// - Parameter variable: The variable whose attribute names the unit.
    fileprivate init(
        name: String, values: [Double], unitOf variable: borrowing HDF5Dataset
    ) throws(HDF5Error) {
        let unit = try variable.text(ofAttribute: "units") ?? "1"
        self.init(name: name, values: values, unit: unit == "1" ? "" : unit == "m2" ? "m²" : unit)
    }
}

/// The density of a file, as a sequence of planes along the time axis.
private struct Frames: ~Copyable {
    let variable: HDF5PackedVariable
    let isNetCDF: Bool
    /// The first axis longer than 1 before the last two axes, otherwise the first that is a time or the first of all;
    /// `nil` if there are only two axes.
    let timeAxis: Int?

    init(of file: borrowing HDF5File) throws(UserError) {
        let isNetCDF = try asked { () throws(HDF5Error) in try file.hasAttribute("_NCProperties") }
        let variable = try asked { () throws(HDF5Error) in
            try HDF5PackedVariable(file.openDataset("density"), isNetCDF: isNetCDF)
        }
        let shape = variable.dataset.shape
        let leading = shape.indices.dropLast(2)
        let long = leading.filter { shape[$0] > 1 }
        guard shape.count >= 2, !shape.contains(0), long.count <= 1 else {
            throw UserError(
                "cannot draw \(file.filePath): its density has the shape \(shape), not (time, y, x)",
                exitStatus: ExitStatus.usage)
        }
        let times = try asked { () throws(HDF5Error) in
            var times: [Int] = []
            for axis in shape.indices {
                if let scale = try variable.dataset.scales(ofAxis: axis).first, try file.openDataset(scale).isTime() {
                    times.append(axis)
                }
            }
            return times
        }
        guard times.allSatisfy(leading.contains) else {
            throw UserError(
                "cannot draw \(file.filePath): axis \(times.last! + 1) of its density is time, but its axes must be "
                    + "(time, y, x)", exitStatus: ExitStatus.usage)
        }
        timeAxis = long.first ?? times.first ?? leading.first
        self.isNetCDF = isNetCDF
        self.variable = variable
    }

    var yAxis: Int { variable.dataset.shape.count - 2 }

    var count: Int { timeAxis.map { variable.dataset.shape[$0] } ?? 1 }

    /// Returns part of a state in row-major order; missing values are NaN.
    func values(_ state: Int, _ rows: Sampling, _ columns: Sampling) throws(UserError) -> [Double] {
        try values(
            state, start: [rows.first, columns.first], count: [rows.readCount, columns.readCount],
            step: [rows.step, columns.step])
    }

    func values(_ state: Int, _ rows: Range<Int>, _ columns: Range<Int>) throws(UserError) -> [Double] {
        try values(
            state, start: [rows.lowerBound, columns.lowerBound], count: [rows.count, columns.count], step: [1, 1])
    }

    private func values(_ state: Int, start: [Int], count: [Int], step: [Int]) throws(UserError) -> [Double] {
        let leading = 0..<yAxis
        let region = Hyperslab(
            start: leading.map { $0 == timeAxis ? state : 0 } + start, count: leading.map { _ in 1 } + count,
            step: leading.map { _ in 1 } + step)
        let values = try asked { () throws(HDF5Error) in try variable.values(in: region) }
        try requireDrawable(values, of: "density", in: variable.dataset.filePath)
        return values
    }

    /// Returns the coordinate along an axis: the variable that is the dimension scale of the axis, otherwise the
    /// variable with the given name, otherwise the indices along the axis, from 0.
    func coordinate(_ name: String, _ axis: Int, _ file: borrowing HDF5File) throws(UserError) -> Quantity {
        let count = variable.dataset.shape[axis]
        let (scale, shape, found) = try asked { () throws(HDF5Error) in
            let scale = try variable.dataset.scales(ofAxis: axis).first
            let name = scale ?? "/\(name)"
            return (scale, try file.shape(of: name), try file.quantity(name, count: count, isNetCDF: isNetCDF))
        }
        func refused(_ reason: String) -> UserError {
            UserError("cannot draw \(file.filePath): \(reason)", exitStatus: ExitStatus.usage)
        }
        if scale == nil, let shape, shape != [count] {
            throw refused("its \(name) has the shape \(shape), not [\(count)]")
        }
        let places = Quantity(name: scale?.fileName ?? name, values: (0..<count).map(Double.init), unit: "")
        let coordinate = found ?? places
        guard coordinate.values.allSatisfy(\.isFinite) else {
            throw refused("values of \(coordinate.name) are missing")
        }
        try requireDrawable(coordinate.values, of: coordinate.name, in: file.filePath)
        return coordinate
    }
}

/// Checks that no finite number is so large that axes and colors in gnuplot would overflow. Infinite values stay blank.
///
/// - Throws: ``UserError`` of status 64 if a number is too large.
private func requireDrawable(_ values: [Double], of name: String, in path: String) throws(UserError) {
    let largest = 1e307
    if let value = values.first(where: { $0.isFinite && abs($0) > largest }) {
        throw UserError(
            "cannot draw \(path): \(value) is a value of its \(name), gnuplot draws none beyond \(largest)",
            exitStatus: ExitStatus.usage)
    }
}

/// Runs `body`, which reads something that the user named, and turns its errors into ``UserError`` of status 64.
private func asked<R: ~Copyable>(_ body: () throws(HDF5Error) -> R) throws(UserError) -> R {
    do { return try body() } catch { throw UserError("\(error)", exitStatus: ExitStatus.usage) }
}

extension HDF5File {
    /// Returns the shape of a dataset; `nil` if there is no dataset with this path.
    fileprivate func shape(of path: String) throws(HDF5Error) -> [Int]? {
        try datasetPaths().contains(path) ? try openDataset(path).shape : nil
    }

    /// Returns a variable with one axis; `nil` if there is no numeric variable with this name and `count` values.
    fileprivate func quantity(_ name: String, count: Int, isNetCDF: Bool) throws(HDF5Error) -> Quantity? {
        guard try shape(of: name.hasPrefix("/") ? name : "/\(name)") == [count] else { return nil }
        let dataset = try openDataset(name)
        // In netCDF-4, dimensions without a variable are stored as datasets, too.
        let mark = try dataset.text(ofAttribute: "NAME") ?? ""
        guard [.integer, .float].contains(dataset.storedType.kind), !mark.hasPrefix("This is a netCDF dimension but")
        else { return nil }
        let variable = try HDF5PackedVariable(dataset, isNetCDF: isNetCDF)
        return try Quantity(
            name: name.fileName, values: variable.values(in: Hyperslab(0..<count)), unitOf: variable.dataset)
    }
}

extension HDF5Dataset {
    /// Returns whether this dimension scale is a time, by the rules of the CF conventions 1.10, section 4.4, or by its
    /// name.
    fileprivate func isTime() throws(HDF5Error) -> Bool {
        if path.fileName.lowercased() == "time" { return true }
        if try text(ofAttribute: "axis") == "T" { return true }
        if try text(ofAttribute: "standard_name") == "time" { return true }
        return try text(ofAttribute: "units")?.contains(" since ") ?? false
    }
}

extension HDF5Object where Self: ~Copyable {
    /// Returns the text of an attribute; `nil` if the attribute does not exist or is not text.
    fileprivate func text(ofAttribute name: String) throws(HDF5Error) -> String? {
        try hasAttribute(name) ? try? attribute(name, as: String.self) : nil
    }
}

extension Double {
    /// The number if it is finite, otherwise NaN, which gnuplot leaves blank.
    fileprivate var finiteOrNaN: Double { isFinite ? self : .nan }
}

extension String {
    /// The last part of a path.
    fileprivate var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
