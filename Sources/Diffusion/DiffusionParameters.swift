/// What the user chooses: the equation's constants, the domain, and how finely to resolve it.
public struct DiffusionParameters: Hashable, Sendable {
    /// Diffusion constant D, in m²/s.
    public var diffusion = 1.0
    /// Where the square domain begins and ends on both axes, in m.
    public var x1 = -10.0
    public var x2 = 10.0
    /// The requested grid spacing, in m; ``DiffusionProblem/spacing`` is the effective one.
    public var requestedSpacing = 0.0667
    /// How long to simulate, in s.
    public var runtime = 15.0
    /// The time between two outputs, in s.
    public var outtime = 0.5

    public init() {}
}

/// Parameters that describe no problem that could be solved.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// What users are told of a parameter, and which values it accepts.
///
/// Parameter files, options and their help, messages, checkpoints and result files derive from ``all``: a new parameter
/// is a property of ``DiffusionParameters`` and a row here.
public struct DiffusionParameter: Sendable {
    public typealias Path = any WritableKeyPath<DiffusionParameters, Double> & Sendable

    /// The name in parameter files, result files and messages.
    public let name: String
    /// The name of the option, and in checkpoints.
    public let optionName: String
    public let path: Path
    /// A noun phrase for the help.
    public let meaning: String
    /// The unit, in the spelling of UDUNITS.
    public let unit: String
    /// Whether it must be a positive number. The ends of the domain are checked against each other instead.
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

    /// The parameters of the run: how finely and how long to solve the equation.
    public static let ofRun = [
        DiffusionParameter("dx", \.requestedSpacing, "Grid spacing wanted", unit: "m", mustBePositive: true),
        DiffusionParameter("runtime", \.runtime, "Time to simulate", unit: "s", mustBePositive: true),
        DiffusionParameter("outtime", \.outtime, "Time between two outputs", unit: "s", mustBePositive: true),
    ]

    /// All parameters.
    public static let all = ofEquation + ofRun

    /// The name of the parameter at a key path.
    public static func name(_ path: KeyPath<DiffusionParameters, Double>) -> String {
        all.first { $0.path == path }!.name
    }
}

extension DiffusionParameters {
    /// A parameter's name and value as messages give them, such as `dx is 0.0667`.
    public func statement(_ path: KeyPath<DiffusionParameters, Double>) -> String {
        "\(DiffusionParameter.name(path)) is \(self[keyPath: path])"
    }
}
