public import ArgumentParser
public import SystemSupport

/// What the command line says of files that are in the way of an output.
public struct OverwriteOptions: ParsableArguments {
    @Flag(help: "Let outputs replace files that this program has not written, too.")
    public var force = false

    public init() {}

    /// - Returns: What an output may replace: the given files, `nil` for any.
    public func replaceable(_ own: OwnFiles) -> OwnFiles? { force ? nil : own }
}
