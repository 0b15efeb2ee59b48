public import ArgumentParser
public import SystemSupport

/// The command-line option for replacing existing files.
public struct OverwriteOptions: ParsableArguments {
    @Flag(help: "Let outputs also replace files that this program did not write.")
    public var force = false

    public init() {}

    /// Returns the files that an output may replace: the given ones, or `nil` for any file.
    public func replaceable(_ own: OwnFiles) -> OwnFiles? { force ? nil : own }
}
