import ArgumentParser
import Diffusion

/// An option for each parameter of the problem, declared by its row of the table.
///
/// ArgumentParser finds the options of a type in its mirror, and its values by decoding it: here both follow the table.
struct ParameterOptions: ParsableArguments, CustomReflectable {
    /// The parameters that the command line sets.
    private let given: [(parameter: DiffusionParameter, value: Double)]

    /// What is changed most often comes first.
    private static var parameters: [DiffusionParameter] { DiffusionParameter.ofRun + DiffusionParameter.ofEquation }

    init() { given = [] }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        given = try Self.parameters.compactMap { parameter in
            let option = try container.decode(Option<Double?>.self, forKey: Key(parameter.optionName))
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

    /// Sets the parameters that the command line sets.
    func apply(to parameters: inout DiffusionParameters) {
        for (parameter, value) in given { parameters[keyPath: parameter.path] = value }
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}

extension DiffusionParameter {
    fileprivate var help: ArgumentHelp {
        let value = Int(exactly: defaultValue).map { "\($0)" } ?? "\(defaultValue)"
        return "\(meaning), in \(unit) (default \(value))."
    }
}
