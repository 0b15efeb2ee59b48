public import ArgumentParser

/// What the command line says of what is printed.
public struct VerbosityOptions: ParsableArguments {
    @Flag(help: "Print nothing but errors.")
    public var quiet = false

    public init() {}
}
