public import ArgumentParser
public import SystemSupport

/// The command-line option for the report.
public struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write a report of the run as JSON.", valueName: "file"))
    public var report: String?

    public init() {}

    /// Checks that the report can be written, before any work is done. Called on one rank only.
    ///
    /// - Throws: ``UserError`` of exit status 73 if the report cannot be written.
    public func prepare(for program: String, _ overwriting: OverwriteOptions) throws(UserError) {
        if let report { try prepareTextFile(report, replacing: overwriting.replaceable(.reports(of: program))) }
    }

    /// Writes the report if it is requested. Called on one rank only.
    ///
    /// - Throws: ``UserError`` of exit status 73 or 74.
    public func write(_ run: RunReport<some Encodable>, _ overwriting: OverwriteOptions) throws {
        if let report { try run.write(to: report, replacing: overwriting.replaceable(.reports(of: run.program))) }
    }
}
