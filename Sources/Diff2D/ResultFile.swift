import CommandSupport
import Diffusion
import ParallelHDF5
import SwiftMPI

/// The result of a run as netCDF-4/CF: `density(time, y, x)` on the interior points, its coordinates, and the
/// diagnostics of each state, written by all ranks together.
///
/// Nothing in the datasets depends on how many ranks there are. Whatever throws does so on all ranks.
struct ResultFile: ~Copyable {
    private let file: CollectiveResultFile
    private let problem: DiffusionProblem
    private let density: HDF5Dataset
    private var states: [Diagnostics]

    /// Creates the file, with room for every state and all that describes it. Collective.
    ///
    /// A disk too full for the result is found here and not after the last step.
    init(_ target: PublishedFile, _ problem: DiffusionProblem, on world: Communicator) throws {
        let (states, points) = (problem.outputs, problem.nrows)
        let byteCount = [states, points, points].reduce(8) { $0.multipliedClamped(by: $1) }
        let file = try CollectiveResultFile(target, byteCount: byteCount, on: world)
        let density = try file.create(
            "density", of: Double.self, shape: [states, points, points], units: "1", meaning: "density")
        let time = try file.scale("time", count: states, units: "s", meaning: "time", axis: "T")
        let y = try file.scale("y", count: points, units: "m", meaning: "distance along the first axis", axis: "Y")
        let x = try file.scale("x", count: points, units: "m", meaning: "distance along the second axis", axis: "X")
        let coordinates = (1...points).map { problem.coordinate($0) }
        try file.fill(y, with: coordinates)
        try file.fill(x, with: coordinates)
        try file.writing { _ in
            try density.attachScale(time, toAxis: 0)
            try density.attachScale(y, toAxis: 1)
            try density.attachScale(x, toAxis: 2)
        }
        for (name, meaning, units, _) in Self.diagnostics {
            let dataset = try file.create(name, of: Double.self, shape: [states], units: units, meaning: meaning)
            try file.writing { _ in try dataset.attachScale(time, toAxis: 0) }
        }
        self.file = file
        self.problem = problem
        self.density = density
        self.states = []
    }

    /// Writes a state. Collective.
    mutating func append(_ simulation: borrowing Simulation, _ diagnostics: Diagnostics) throws {
        let state = states.count
        states.append(diagnostics)
        let place = simulation.decomposition
        let region =
            place.isEmpty ? Hyperslab.none(axes: 3) : Hyperslab(state..<state + 1, place.rows, place.columns)
        try simulation.withField { field in
            try file.writing { _ in
                try density.write(
                    UnsafeBufferPointer(field.storage).span, memoryShape: [field.rows + 2 * field.halo, field.stride],
                    memory: Hyperslab(start: [field.halo, field.firstColumn], count: [field.rows, field.columns]),
                    to: region)
            }
        }
    }

    /// Writes the diagnostics of the states and where they come from, closes the file and gives it its name. Collective.
    consuming func finish(fieldHash: String, grid: RanksGrid) throws {
        let time = try file.writing { try $0.openDataset("time") }
        try file.fill(time, with: states.map { problem.time(afterStep: $0.step) })
        for (name, _, _, value) in Self.diagnostics {
            let dataset = try file.writing { try $0.openDataset(name) }
            try file.fill(dataset, with: states.map { $0[keyPath: value] })
        }
        try file.describe(
            program: Diff2DCommand.commandName, title: "two-dimensional diffusion", parameters: problem.description)
        try file.writing {
            try $0.setAttribute("ranks_grid", to: "\(grid)")
            try $0.setAttribute("field_hash", to: fieldHash)
        }
        try file.publish()
    }

    /// The datasets beside the density: name, meaning, units, and which diagnostic.
    private static var diagnostics: [(String, String, String, KeyPath<Diagnostics, Double>)] {
        [
            ("mass", "integral of the density", "m2", \.mass),
            ("minimum", "smallest density", "1", \.minimum),
            ("maximum", "largest density", "1", \.maximum),
            ("l2", "root of the integral of the squared density", "m", \.l2),
        ]
    }
}

extension CollectiveResultFile {
    /// Makes a coordinate that is a dimension scale. Collective.
    fileprivate func scale(
        _ name: String, count: Int, units: String, meaning: String, axis: String
    ) throws -> HDF5Dataset {
        let dataset = try create(name, of: Double.self, shape: [count], units: units, meaning: meaning)
        try writing { _ in
            try dataset.setAttribute("axis", to: axis)
            try dataset.makeDimensionScale(name)
        }
        return dataset
    }
}

extension DiffusionProblem {
    /// The parameters and what follows from them, by the names of the parameter file.
    fileprivate var description: [(name: String, value: Double)] {
        [
            ("D", parameters.diffusion), ("x1", parameters.x1), ("x2", parameters.x2),
            ("runtime", parameters.runtime), ("outtime", parameters.outtime), ("dx", dx), ("dt", dt),
            ("steps", Double(steps)),
        ]
    }
}

extension Int {
    /// The product, or the largest number where it exceeds that.
    fileprivate func multipliedClamped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
