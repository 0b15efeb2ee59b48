public import ArgumentParser

/// The command-line option for less output.
public struct VerbosityOptions: ParsableArguments {
    @Flag(help: "Print nothing but errors.")
    public var quiet = false

    public init() {}
}
