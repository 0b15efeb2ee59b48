public import ArgumentParser

/// The command-line option for less output.
public struct VerbosityOptions: ParsableArguments {
    @Flag(help: "Print only errors.")
    public var quiet = false

    public init() {}
}
