import CommandSupport
import Diffusion
import ResultFiles
import SystemSupport

/// A small file next to the result that lets readers of another convention open it. The data stay in the result file.
enum Sidecar: CaseIterable {
    /// XDMF 2, for ParaView and VisIt.
    case xdmf
    /// openPMD 1.1, as a file of virtual datasets.
    case openPMD

    /// Returns the path of the sidecar: for `run.h5`, `run.xmf` or `run.openpmd.h5`.
    func path(beside result: String) -> String {
        let stem = result.hasSuffix(".h5") ? String(result.dropLast(3)) : result
        return switch self {
        case .xdmf: stem + ".xmf"
        case .openPMD: stem + ".openpmd.h5"
        }
    }

    /// Checks that the sidecar can be written, before any work is done. Called on one rank only.
    ///
    /// - Throws: ``UserError`` of exit status 73 if it cannot be written.
    func prepare(beside result: String, _ overwriting: OverwriteOptions) throws(UserError) {
        try PublishedFile(path(beside: result), replacing: overwriting.replaceable(ownFiles)).prepare()
    }

    /// Writes the sidecar of a finished result. Called on one rank only.
    ///
    /// - Throws: ``UserError`` of exit status 73 or 74.
    func write(beside result: String, _ overwriting: OverwriteOptions, _ problem: DiffusionProblem) throws {
        let path = path(beside: result)
        let replaceable = overwriting.replaceable(ownFiles)
        switch self {
        case .xdmf: try writeTextFile(path, xdmfDocument(of: result, problem), replacing: replaceable)
        case .openPMD:
            try writeOpenPMDView(of: result, to: PublishedFile(path, replacing: replaceable), problem)
        }
    }

    private var ownFiles: OwnFiles {
        switch self {
        case .xdmf: .texts(of: Diff2DCommand.commandName, beginningWith: xdmfBeginning)
        case .openPMD: .results(of: Diff2DCommand.commandName)
        }
    }
}

extension DiffusionProblem {
    /// The distance between the coordinates of adjacent points, which is slightly larger than the spacing.
    var coordinateSpacing: Double { coordinate(2) - coordinate(1) }

    /// The number of steps after which each state is output.
    var outputSteps: [Int] { (0..<outputs).map { $0 * stepsPerOutput } }
}

extension String {
    /// The last component of a path.
    var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
