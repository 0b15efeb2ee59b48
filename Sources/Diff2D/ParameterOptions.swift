import ArgumentParser
import Diffusion
import SystemSupport

/// One command-line option for each parameter of the problem, generated from ``DiffusionParameter/all``.
///
/// ArgumentParser finds the options of a type in its mirror, and sets their values by decoding the type. Here, both are
/// derived from the table of parameters.
struct ParameterOptions: ParsableArguments, CustomReflectable {
    /// The parameters that the command line sets.
    private let given: [(parameter: DiffusionParameter, value: Double)]

    /// The parameters in the order of the help text: those that are changed most often come first.
    private static var parameters: [DiffusionParameter] { DiffusionParameter.ofRun + DiffusionParameter.ofEquation }

    init() { given = [] }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: NamedKey.self)
        given = try Self.parameters.compactMap { parameter in
            let option = try container.decode(Option<Double?>.self, forKey: NamedKey(parameter.optionName))
            return option.wrappedValue.map { (parameter, $0) }
        }
    }

    var customMirror: Mirror {
        Mirror(
            self,
            children: Self.parameters.map { parameter in
                (label: parameter.optionName, value: Option<Double?>(parsing: .unconditional, help: parameter.help))
            })
    }

    /// Applies the values given on the command line.
    func apply(to parameters: inout DiffusionParameters) {
        for (parameter, value) in given { parameters[keyPath: parameter.path] = value }
    }
}

extension DiffusionParameter {
    fileprivate var help: ArgumentHelp {
        let value = Int(exactly: defaultValue).map { "\($0)" } ?? "\(defaultValue)"
        return "\(meaning), in \(unit) (default \(value))."
    }
}
