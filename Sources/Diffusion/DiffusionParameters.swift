/// The parameters that the user chooses: the diffusion constant, the domain, the resolution, and the times.
public struct DiffusionParameters: Hashable, Sendable {
    /// Diffusion constant D, in m²/s.
    public var diffusion = 1.0
    /// The ends of the square domain on both axes, in m.
    public var x1 = -10.0
    public var x2 = 10.0
    /// The requested grid spacing, in m; ``DiffusionProblem/spacing`` is the effective one.
    public var requestedSpacing = 0.0667
    /// The time to simulate, in s.
    public var runtime = 15.0
    /// The time between two outputs, in s.
    public var outtime = 0.5

    public init() {}
}

/// An error that describes invalid parameters.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// The description of a parameter for users, and the values that it accepts.
///
/// Parameter files, options and their help, messages, checkpoints and result files are derived from ``all``. To add a
/// parameter, add a property to ``DiffusionParameters`` and a row to the table.
public struct DiffusionParameter: Sendable {
    public typealias Path = any WritableKeyPath<DiffusionParameters, Double> & Sendable

    /// The name in parameter files, result files and messages.
    public let name: String
    /// The name of the option, which is also used in checkpoints.
    public let optionName: String
    public let path: Path
    /// The meaning, as a noun phrase for the help text.
    public let meaning: String
    /// The unit, in the spelling of UDUNITS.
    public let unit: String
    /// Whether the value must be positive. The ends of the domain are instead checked against each other.
    public let mustBePositive: Bool

    private init(
        _ name: String, optionName: String? = nil, _ path: Path, _ meaning: String, unit: String,
        mustBePositive: Bool
    ) {
        self.name = name
        self.optionName = optionName ?? name
        self.path = path
        self.meaning = meaning
        self.unit = unit
        self.mustBePositive = mustBePositive
    }

    public var defaultValue: Double { DiffusionParameters()[keyPath: path] }
}

extension DiffusionParameter {
    /// The parameters of the equation and its domain.
    public static let ofEquation = [
        DiffusionParameter(
            "D", optionName: "diffusion", \.diffusion, "Diffusion constant D", unit: "m2/s", mustBePositive: true),
        DiffusionParameter("x1", \.x1, "Left end of the domain on both axes", unit: "m", mustBePositive: false),
        DiffusionParameter("x2", \.x2, "Right end of the domain on both axes", unit: "m", mustBePositive: false),
    ]

    /// The parameters of the run: the resolution, and the times.
    public static let ofRun = [
        DiffusionParameter("dx", \.requestedSpacing, "Grid spacing wanted", unit: "m", mustBePositive: true),
        DiffusionParameter("runtime", \.runtime, "Time to simulate", unit: "s", mustBePositive: true),
        DiffusionParameter("outtime", \.outtime, "Time between two outputs", unit: "s", mustBePositive: true),
    ]

    /// All parameters.
    public static let all = ofEquation + ofRun

    /// Returns the name of the parameter at a key path.
    public static func name(_ path: KeyPath<DiffusionParameters, Double>) -> String {
        all.first { $0.path == path }!.name
    }
}

extension DiffusionParameters {
    /// Returns a parameter's name and value as part of a message, such as `dx is 0.0667`.
    public func statement(_ path: KeyPath<DiffusionParameters, Double>) -> String {
        "\(DiffusionParameter.name(path)) is \(self[keyPath: path])"
    }
}
