import CommandSupport
import Diffusion
import ResultFiles
import SystemSupport

/// A small file beside the result that lets readers of another convention open it; the numbers stay where they are.
enum Sidecar: CaseIterable {
    /// XDMF 2, for ParaView and VisIt.
    case xdmf
    /// openPMD 1.1, a file of virtual datasets.
    case openPMD

    /// `run.h5` has `run.xmf` and `run.openpmd.h5` beside it.
    func path(beside result: String) -> String {
        let stem = result.hasSuffix(".h5") ? String(result.dropLast(3)) : result
        return switch self {
        case .xdmf: stem + ".xmf"
        case .openPMD: stem + ".openpmd.h5"
        }
    }

    /// Makes sure, before anything is computed, that it can be written. One rank calls it.
    ///
    /// - Throws: ``UserError`` of status 73 if not.
    func prepare(beside result: String, _ overwriting: OverwriteOptions) throws(UserError) {
        try PublishedFile(path(beside: result), replacing: overwriting.replaceable(ownFiles)).prepare()
    }

    /// Writes it for a finished result, on one rank.
    ///
    /// - Throws: ``UserError`` of status 73 or 74.
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
    /// The distance between the coordinates of two points side by side, a little more than the spacing.
    var coordinateSpacing: Double { coordinate(2) - coordinate(1) }

    /// After how many steps each state is output.
    var outputSteps: [Int] { (0..<outputs).map { $0 * stepsPerOutput } }
}

extension String {
    /// The last part of a path.
    var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
