import Diffusion
import FoundationEssentials
import ParallelHDF5
import SystemSupport

/// Writes an openPMD 1.1 file that refers to a result. Each state is an iteration with the mesh `density`, a virtual
/// dataset that maps to the result's own data.
///
/// https://github.com/openPMD/openPMD-standard/blob/1.1.0/STANDARD.md
func writeOpenPMDView(of result: String, to target: PublishedFile, _ problem: DiffusionProblem) throws {
    try target.prepare()
    try withStatus(ExitStatus.ioError) {
        do {
            let file = try withStatus(ExitStatus.cannotCreate) { try HDF5File.create(target.temporaryPath) }
            try file.describeAsOpenPMD()
            _ = try file.createGroup("data")
            for (state, step) in problem.outputSteps.enumerated() {
                try file.addIteration(step, state: state, of: result.fileName, problem)
            }
            try file.close()
            try target.publish()
        } catch {
            target.discard()
            throw error
        }
    }
}

extension HDF5File {
    fileprivate func describeAsOpenPMD() throws(HDF5Error) {
        let date = Date.now.formatted(
            .iso8601.year().month().day().dateSeparator(.dash).time(includingFractionalSeconds: false)
                .timeSeparator(.colon).dateTimeSeparator(.space))
        for (name, value) in [
            ("openPMD", "1.1.0"), ("basePath", "/data/%T/"), ("meshesPath", "meshes/"),
            ("iterationEncoding", "groupBased"), ("iterationFormat", "/data/%T/"),
            ("author", ProcessInfo.processInfo.userName),
            ("software", Diff2DCommand.commandName), ("softwareVersion", suiteVersion), ("date", "\(date) +0000"),
        ] {
            try setAttribute(name, to: value)
        }
        try setAttribute("openPMDextension", to: UInt32(0))
    }

    /// Adds a state as an iteration. All quantities are in SI units already.
    fileprivate func addIteration(
        _ step: Int, state: Int, of result: String, _ problem: DiffusionProblem
    ) throws(HDF5Error) {
        let iteration = try createGroup("data/\(step)")
        try iteration.setAttribute("time", to: problem.time(afterStep: step))
        try iteration.setAttribute("dt", to: problem.dt)
        try iteration.setAttribute("timeUnitSI", to: 1.0)
        let (points, first) = (problem.pointsPerAxis, problem.coordinate(1))
        let density = try iteration.createGroup("meshes").createVirtualDataset(
            "density", of: Double.self, shape: [points, points],
            from: [
                HDF5VirtualSource(
                    filePath: result, path: "/density", shape: [problem.outputs, points, points],
                    region: Hyperslab(state..<state + 1, 0..<points, 0..<points),
                    target: Hyperslab(all: [points, points]))
            ])
        try density.setAttribute("geometry", to: "cartesian")
        try density.setAttribute("dataOrder", to: "C")
        try density.setAttribute("axisLabels", to: ["y", "x"])
        try density.setAttribute("gridSpacing", to: [problem.coordinateSpacing, problem.coordinateSpacing])
        try density.setAttribute("gridGlobalOffset", to: [first, first])
        try density.setAttribute("gridUnitSI", to: 1.0)
        try density.setAttribute("position", to: [0.0, 0.0])
        try density.setAttribute("timeOffset", to: 0.0)
        // Powers of length, mass, time, current, temperature, amount and luminous intensity.
        try density.setAttribute("unitDimension", to: [Double](repeating: 0, count: 7))
        try density.setAttribute("unitSI", to: 1.0)
    }
}
