import ArgumentParser
import CommandSupport
import Diffusion
import ParallelHDF5
import ResultFiles
import SwiftMPI
import SystemSupport

/// The command-line options for the result.
struct ResultOptions: ParsableArguments {
    @OptionGroup var file: OutputOptions<Diff2DCommand>
    @OptionGroup var overwriting: OverwriteOptions
    @Flag(help: "Compress the density, without loss.")
    var compress = false
    @Flag(help: "Write beside the result a file that ParaView opens (XDMF).")
    var xdmf = false
    @Flag(name: .customLong("openpmd"), help: "Write beside the result a view of it for readers of openPMD 1.1.")
    var openPMD = false
    @Flag(inversion: .prefixedNo, help: "Draw the result at the end, with plotdens.")
    var graphics: Bool?

    func validate() throws {
        try file.refuseWithoutOutput(["--xdmf": xdmf, "--openpmd": openPMD, "--compress": compress])
    }
}

/// The way in which a result is stored.
enum ResultKind: String, Codable {
    case plain, compressed
}

/// The files that a run writes.
struct ResultRequest {
    let target: PublishedFile
    let compression: HDF5Compression?
    let sidecars: [Sidecar]
    let overwriting: OverwriteOptions

    var kind: ResultKind { compression == nil ? .plain : .compressed }
}

extension ResultOptions {
    /// The paths of the files that the run writes.
    var paths: [String] { file.path.map { path in [path] + sidecars.map { $0.path(beside: path) } } ?? [] }

    private var sidecars: [Sidecar] { (xdmf ? [.xdmf] : []) + (openPMD ? [.openPMD] : []) }

    /// Returns the files that the options request.
    ///
    /// - Parameter run: The identifier of the run, if the run can be resumed.
    /// - Returns: The request; `nil` if the run writes no result.
    func request(run: String?) -> ResultRequest? {
        guard let path = file.path else { return nil }
        return ResultRequest(
            target: PublishedFile(
                path, run: run, replacing: overwriting.replaceable(.results(of: Diff2DCommand.commandName))),
            compression: compress ? .deflate() : nil, sidecars: sidecars, overwriting: overwriting)
    }

    /// Returns the program that draws the result at the end, if the parameters or options request it.
    ///
    /// - Throws: ``ParameterError`` if something needed for drawing is missing, so that this is known before the run.
    func drawing(_ parameters: RunParameters, quiet: Bool) throws -> NextProgram? {
        if !parameters.graphics { return nil }
        guard let path = file.path else {
            throw ParameterError("graphics are drawn from the result file: leave out --no-output, or add --no-graphics")
        }
        guard let program = NextProgram("plotdens", (quiet ? ["--quiet"] : []) + ["--", path]) else {
            throw ParameterError("graphics need plotdens, which is neither beside diff2d nor on PATH")
        }
        guard pathOfProgram("gnuplot") != nil else {
            throw ParameterError("graphics need gnuplot, which is not on PATH (Debian: gnuplot-nox)")
        }
        return program
    }
}

extension ResultRequest {
    /// Checks that the sidecars can be written, before any work is done. Called on one rank only.
    ///
    /// - Throws: ``UserError`` of exit status 73 if a sidecar cannot be written.
    func prepareSidecars() throws(UserError) {
        for sidecar in sidecars { try sidecar.prepare(beside: target.path, overwriting) }
    }

    /// Writes the sidecars of the finished result. Collective.
    func writeSidecars(of problem: DiffusionProblem, on world: Communicator) throws {
        for sidecar in sidecars {
            try world.onRoot { try sidecar.write(beside: target.path, overwriting, problem) }
        }
    }
}
