import Diffusion
import ParallelHDF5
import ResultFiles
import SwiftMPI
import SystemSupport

/// The result of a run as netCDF-4/CF: `density(time, y, x)` on the interior points, its coordinates, and the
/// diagnostics of each state. All ranks write the file together.
///
/// The datasets do not depend on the number of ranks. The time axis is unlimited, and all data of a state are written
/// at once, so that an unfinished or even a finished file can be continued. All methods that throw do so on all ranks.
struct ResultFile: ~Copyable {
    private let file: CollectiveResultFile
    private let problem: DiffusionProblem
    private let density: HDF5Dataset
    /// The datasets that have one number per state.
    private let series: [Series]
    /// The number of states that have been written.
    private(set) var states: Int

    /// Creates the file with space for all states, and writes the metadata. Collective.
    ///
    /// Insufficient disk space is reported here instead of after the last step, unless the result is compressed.
    ///
    /// - Parameter compression: The compression of the density; `nil` to store it uncompressed.
    init(
        _ target: PublishedFile, _ problem: DiffusionProblem, compression: HDF5Compression?, on world: Communicator
    ) throws {
        let (states, points) = (problem.outputs, problem.pointsPerAxis)
        let byteCount = [states, points, points].reduce(8) { $0.multipliedClamped(by: $1) }
        let file = try CollectiveResultFile(target, byteCount: compression == nil ? byteCount : 0, on: world)
        let density = try file.create(
            "density", of: Double.self, shape: [states, points, points],
            layout: .frames(points: points, compression: compression), maximumShape: [nil, points, points],
            units: "1", meaning: "density")
        let time = try file.series("time", count: states, units: "s", meaning: "time")
        try file.makeScale(time, "time")
        try file.writing { _ in
            try time.setAttribute("standard_name", to: "time")
            try time.setAttribute("axis", to: "T")
        }
        let coordinates = (1...points).map { problem.coordinate($0) }
        let y = try file.create(
            "y", of: Double.self, shape: [points], units: "m", meaning: "distance along the first axis")
        let x = try file.create(
            "x", of: Double.self, shape: [points], units: "m", meaning: "distance along the second axis")
        // No attribute `axis`: X and Y would denote map coordinates, for which CF requires latitudes and longitudes
        // (section 5.6).
        try file.makeScale(y, "y")
        try file.makeScale(x, "x")
        try file.writing { _ in
            // The course's grid is slightly wider than its spacing implies.
            let comment = "spaced by (x2 - x1 + 2 dx) / (points + 1), not by dx, which time step and integrals use"
            try y.setAttribute("comment", to: comment)
            try x.setAttribute("comment", to: comment)
        }
        try file.fill(y, with: coordinates)
        try file.fill(x, with: coordinates)
        try file.writing { _ in
            try density.attachScale(time, toAxis: 0)
            try density.attachScale(y, toAxis: 1)
            try density.attachScale(x, toAxis: 2)
        }
        var series: [Series] = []
        for (name, meaning, units, value) in Self.diagnostics {
            let dataset = try file.series(name, count: states, units: units, meaning: meaning)
            try file.writing { _ in try dataset.attachScale(time, toAxis: 0) }
            series.append(Series(dataset) { $0[keyPath: value] })
        }
        series.append(Series(time) { problem.time(afterStep: $0.step) })
        // From here on the file is readable even after a crash.
        try file.flush()
        self.file = file
        self.problem = problem
        self.density = density
        self.series = series
        self.states = 0
    }

    /// Opens the file that an earlier run of the same problem started or finished. Collective.
    ///
    /// - Parameters:
    ///   - problem: The problem, whose run time may be longer than that of the earlier run.
    ///   - earlier: The saved state, which tells how many states the file keeps and which file the result replaces.
    ///     Further states are appended.
    init(
        continuing target: PublishedFile, _ problem: DiffusionProblem, after earlier: DiffusionState,
        on world: Communicator
    ) throws {
        let (outputs, points, states) = (problem.outputs, problem.pointsPerAxis, earlier.states)
        let file = try CollectiveResultFile(continuing: target, replacing: earlier.replaced, on: world)
        var density = try file.writing { try $0.openDataset("density") }
        let shape = density.shape
        try file.writing { _ in
            guard shape.count == 3, shape[1...] == [points, points], shape[0] >= states, shape[0] <= outputs else {
                throw UserError(
                    "cannot continue \(target.path): its density has the shape \(shape), this run's is "
                        + "\([outputs, points, points]) with \(states) states done", exitStatus: ExitStatus.ioError)
            }
            try density.extend(to: [outputs, points, points])
        }
        func open(_ name: String, _ value: @escaping (Diagnostics) -> Double) throws -> Series {
            try file.writing {
                var dataset = try $0.openDataset(name)
                try dataset.extend(to: [outputs])
                return Series(dataset, value)
            }
        }
        var series = [try open("time") { problem.time(afterStep: $0.step) }]
        for (name, _, _, value) in Self.diagnostics { series.append(try open(name) { $0[keyPath: value] }) }
        self.file = file
        self.problem = problem
        self.density = density
        self.series = series
        self.states = states
    }

    /// Writes a state in one step, so that the ranks agree only once on whether it was written. Collective.
    mutating func append(_ simulation: borrowing Simulation, _ diagnostics: Diagnostics) throws {
        let place = simulation.decomposition
        let region =
            place.isEmpty ? Hyperslab.none(axes: 3) : Hyperslab(states..<states + 1, place.rows, place.columns)
        try simulation.withField { field in
            try file.writing { _ in
                try density.write(
                    field.elements, memoryShape: [field.rows + 2 * field.halo, field.stride],
                    memory: Hyperslab(start: [field.halo, field.firstColumn], count: [field.rows, field.columns]),
                    to: region)
                if file.isRoot { for dataset in series { try dataset.write(diagnostics, state: states) } }
            }
        }
        states += 1
    }

    /// Flushes the states written so far to the disk. Collective.
    func flush() throws { try file.flush() }

    /// Writes the provenance of the states, closes the file and gives it its final name. Collective.
    consuming func finish(fieldHash: String, grid: RanksGrid) throws {
        try file.describe(
            program: Diff2DCommand.commandName, title: "two-dimensional diffusion", parameters: problem.description)
        try file.writing {
            try $0.setAttribute("ranks_grid", to: "\(grid)")
            try $0.setAttribute("field_hash", to: fieldHash)
        }
        try file.publish()
    }

    /// The datasets with one diagnostic per state: name, meaning, units, and the diagnostic.
    private static var diagnostics: [(String, String, String, KeyPath<Diagnostics, Double>)] {
        [
            ("mass", "integral of the density", "m2", \.mass),
            ("minimum", "smallest density", "1", \.minimum),
            ("maximum", "largest density", "1", \.maximum),
            ("l2", "root of the integral of the squared density", "m", \.l2),
        ]
    }
}

/// A dataset with one number per state, open as long as the file.
private final class Series {
    private let dataset: HDF5Dataset
    private let value: (Diagnostics) -> Double

    /// - Parameter value: Returns the number for a state.
    init(_ dataset: consuming HDF5Dataset, _ value: @escaping (Diagnostics) -> Double) {
        self.dataset = dataset
        self.value = value
    }

    /// Writes the number for a state. Called on one rank only.
    func write(_ diagnostics: Diagnostics, state: Int) throws {
        try dataset.write([value(diagnostics)], to: Hyperslab(state..<state + 1), transfer: .independent)
    }
}

extension HDF5Layout {
    /// Returns the layout for states of `points` × `points`.
    ///
    /// An uncompressed state is one chunk, which is written and read as fast as a contiguous dataset. A state of 4 GiB
    /// or more is split into several chunks, because a chunk must be smaller than that. Compressed states are split
    /// into tiles, so that a part of a state can be read without decompressing all of it.
    fileprivate static func frames(points: Int, compression: HDF5Compression?) -> HDF5Layout {
        if let compression {
            let tile = min(points, 512)
            return .chunked([1, tile, tile], compression: compression)
        }
        let rows = ((1 << 32) - 1) / (8 * points)
        let pieces = (points + max(1, rows) - 1) / max(1, rows)
        return .chunked([1, (points + pieces - 1) / pieces, points])
    }
}

extension CollectiveResultFile {
    /// Creates a dataset with one number per state. Collective.
    fileprivate func series(_ name: String, count: Int, units: String, meaning: String) throws -> HDF5Dataset {
        try create(
            name, of: Double.self, shape: [count], layout: .chunked([512]), maximumShape: [nil], units: units,
            meaning: meaning)
    }

    /// Turns a dataset into the coordinate of an axis. Collective.
    fileprivate func makeScale(_ dataset: borrowing HDF5Dataset, _ name: String) throws {
        try writing { _ in try dataset.makeDimensionScale(name) }
    }
}

extension DiffusionProblem {
    /// The parameters, and the quantities derived from them, by the names in parameter files.
    fileprivate var description: [(name: String, value: Double)] {
        // The effective spacing takes the place of the requested one. Like the time step, it is derived.
        DiffusionParameter.all.filter { $0.path != \.requestedSpacing }
            .map { ($0.name, parameters[keyPath: $0.path]) }
            + [
                (DiffusionParameter.name(\.requestedSpacing), spacing), ("dt", dt), ("steps", Double(steps)),
            ]
    }
}

extension Int {
    /// Returns the product, or `Int.max` if it overflows.
    fileprivate func multipliedClamped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
