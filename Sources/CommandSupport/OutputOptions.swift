public import ArgumentParser
private import SystemSupport

/// A program that writes a result file.
public protocol ResultCommand: ParallelCommand {
    /// The format of the result file; netCDF-4/HDF5 in most programs.
    static var resultFormat: String { get }
}

extension ResultCommand {
    public static var resultFormat: String { "netCDF-4/HDF5" }
}

/// The command-line options for the result file.
public struct OutputOptions<Program: ResultCommand>: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Result file, \(Program.resultFormat) (default: \(defaultPath)).", discussion: PublishedFile.help))
    public var output: String?
    @Flag(name: .customLong("no-output"), help: "Write no result file.")
    public var withoutOutput = false

    public init() {}

    private static var defaultPath: String { "\(Program.commandName).h5" }

    /// The path of the result file; `nil` if none is written.
    public var path: String? { withoutOutput ? nil : output ?? Self.defaultPath }

    public func validate() throws { try refuseWithoutOutput(["--output": output != nil]) }

    /// Throws if options for the result file are given although none is written.
    ///
    /// - Parameter options: The names of the options, and whether they are given.
    /// - Throws: `ValidationError` for the first option that is given.
    public func refuseWithoutOutput(_ options: KeyValuePairs<String, Bool>) throws {
        if withoutOutput { try refuse(options, which: "is about the result file, which --no-output leaves out.") }
    }
}
