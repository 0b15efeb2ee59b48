public import ArgumentParser
private import SystemSupport

/// A program that writes a result file.
public protocol ResultCommand: ParallelCommand {
    /// What kind of file it is; netCDF-4/HDF5 in most programs.
    static var resultFormat: String { get }
}

extension ResultCommand {
    public static var resultFormat: String { "netCDF-4/HDF5" }
}

/// What the command line says of the result file.
public struct OutputOptions<Program: ResultCommand>: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Result file, \(Program.resultFormat) (default: \(defaultPath)).", discussion: PublishedFile.help))
    public var output: String?
    @Flag(name: .customLong("no-output"), help: "Write no result file.")
    public var withoutOutput = false

    public init() {}

    private static var defaultPath: String { "\(Program.commandName).h5" }

    /// The path of the result file; `nil` if there is to be none.
    public var path: String? { withoutOutput ? nil : output ?? Self.defaultPath }

    public func validate() throws { try refuseWithoutOutput(["--output": output != nil]) }

    /// Refuses options of the result file where there is to be none.
    ///
    /// - Parameter options: Their names, and whether they are given.
    /// - Throws: `ValidationError` for the first that is given.
    public func refuseWithoutOutput(_ options: KeyValuePairs<String, Bool>) throws {
        if withoutOutput { try refuse(options, which: "is about the result file, which --no-output leaves out.") }
    }
}
