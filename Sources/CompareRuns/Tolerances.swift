import ArgumentParser
import ParallelHDF5

/// The maximum difference of two numbers that count as the same.
struct Tolerance: Hashable, CustomStringConvertible {
    /// The tolerance relative to the larger magnitude.
    var relative = 0.0
    var absolute = 0.0

    /// Returns whether a difference is within the absolute or the relative tolerance.
    func allows(_ difference: Double, relative: Double) -> Bool {
        difference <= absolute || relative <= self.relative
    }

    var description: String { absolute > 0 ? "\(relative) (absolute \(absolute))" : "\(relative)" }
}

/// The general tolerance, and the tolerances of single datasets.
struct Tolerances: CustomStringConvertible {
    /// The tolerance of all datasets without their own; `nil` if all bits must be the same.
    var general: Tolerance?
    var ofDatasets: [HDF5Name: Tolerance] = [:]

    /// - Parameter options: The options; if two name the same dataset, the later one counts.
    init(_ options: [ToleranceOption] = []) {
        for option in options {
            if let dataset = option.dataset {
                ofDatasets[dataset] = option.tolerance
            } else {
                general = option.tolerance
            }
        }
    }

    subscript(dataset: HDF5Name) -> Tolerance? { ofDatasets[dataset] ?? general }

    var description: String {
        let single = ofDatasets.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
        return ((general.map { ["\($0)"] } ?? []) + single).joined(separator: ", ")
    }
}

/// The value of `--tolerance`: `1e-12`, `1e-12,abs=1e-15`, `density=1e-12`, or `density=1e-12,abs=1e-15`. The relative
/// part may begin with `rel=`. Datasets with the names `abs` and `rel` are written as `/abs` and `/rel`.
struct ToleranceOption: ExpressibleByArgument {
    /// The path of a dataset; `nil` for all datasets without their own tolerance.
    var dataset: HDF5Name?
    var tolerance = Tolerance()

    private enum Part: Hashable {
        case relative, absolute
    }

    init?(argument: String) {
        var parts: [Part: Double] = [:]
        func add(_ text: Substring) -> Bool {
            let (part, number): (Part, Substring) =
                if text.hasPrefix("abs=") {
                    (.absolute, text.dropFirst(4))
                } else {
                    (.relative, text.hasPrefix("rel=") ? text.dropFirst(4) : text)
                }
            guard let value = Double(number), parts[part] == nil else { return false }
            parts[part] = value
            return true
        }
        // Parses from the end, as the name of a dataset may contain any character.
        var rest = argument[...]
        while let comma = rest.lastIndex(of: ","), case let last = rest[rest.index(after: comma)...],
            last.hasPrefix("abs=") || last.hasPrefix("rel=") || Double(last) != nil
        {
            guard add(last) else { return nil }
            rest = rest[..<comma]
        }
        if !add(rest) {
            guard var equals = rest.lastIndex(of: "=") else { return nil }
            for name in ["=abs", "=rel"] where rest[..<equals].hasSuffix(name) {
                equals = rest.index(equals, offsetBy: -name.count)
            }
            let name = rest[..<equals]
            guard !name.isEmpty, name != "abs", name != "rel", add(rest[rest.index(after: equals)...]) else {
                return nil
            }
            dataset = HDF5Name(name.hasPrefix("/") ? String(name) : "/\(name)")
        }
        tolerance = Tolerance(relative: parts[.relative] ?? 0, absolute: parts[.absolute] ?? 0)
    }
}
