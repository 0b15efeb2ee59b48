public import ArgumentParser
public import SystemSupport

/// What the command line says of the report.
public struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write a report of the run as JSON.", valueName: "file"))
    public var report: String?

    public init() {}

    /// Makes sure, before anything is computed, that the report can be written. One rank calls it.
    ///
    /// - Throws: ``UserError`` of status 73 if not.
    public func prepare(for program: String, _ overwriting: OverwriteOptions) throws(UserError) {
        if let report { try prepareTextFile(report, replacing: overwriting.replaceable(.reports(of: program))) }
    }

    /// Writes the report, if one is wanted. One rank calls it.
    ///
    /// - Throws: ``UserError`` of status 73 or 74.
    public func write(_ run: RunReport<some Encodable>, _ overwriting: OverwriteOptions) throws {
        if let report { try run.write(to: report, replacing: overwriting.replaceable(.reports(of: run.program))) }
    }
}
