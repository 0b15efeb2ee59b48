import ArgumentParser

/// How far apart elements may be that count as the same: in general, and in single datasets.
struct Tolerances: CustomStringConvertible {
    /// nil: every bit counts.
    var general: Double?
    var ofDatasets: [String: Double] = [:]

    /// - Parameter options: The later of two for the same dataset counts.
    init(_ options: [ToleranceOption] = []) {
        for option in options {
            if let dataset = option.dataset {
                ofDatasets[dataset] = option.tolerance
            } else {
                general = option.tolerance
            }
        }
    }

    subscript(dataset: String) -> Double? { ofDatasets[dataset] ?? general }

    var description: String {
        let single = ofDatasets.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
        return ((general.map { ["\($0)"] } ?? []) + single).joined(separator: ", ")
    }
}

/// What `--tolerance` says: `1e-12`, or `density=1e-12`.
struct ToleranceOption: ExpressibleByArgument {
    /// The path of a dataset; nil for all that are not named.
    var dataset: String?
    var tolerance: Double

    init?(argument: String) {
        var value = argument[...]
        if let equals = argument.lastIndex(of: "=") {
            let name = argument[..<equals]
            if name.isEmpty { return nil }
            dataset = name.hasPrefix("/") ? String(name) : "/\(name)"
            value = argument[argument.index(after: equals)...]
        }
        guard let tolerance = Double(value) else { return nil }
        self.tolerance = tolerance
    }
}
