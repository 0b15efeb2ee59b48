import ArgumentParser
import ParallelHDF5

/// How far apart two numbers may be that count as the same.
struct Tolerance: Hashable, CustomStringConvertible {
    /// Relative to the larger of both magnitudes.
    var relative = 0.0
    var absolute = 0.0

    /// Whether a difference is within one of both parts.
    func allows(_ difference: Double, relative: Double) -> Bool {
        difference <= absolute || relative <= self.relative
    }

    var description: String { absolute > 0 ? "\(relative) (absolute \(absolute))" : "\(relative)" }
}

/// The tolerance in general, and those of single datasets.
struct Tolerances: CustomStringConvertible {
    /// nil: every bit counts.
    var general: Tolerance?
    var ofDatasets: [HDF5Name: Tolerance] = [:]

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

    subscript(dataset: HDF5Name) -> Tolerance? { ofDatasets[dataset] ?? general }

    var description: String {
        let single = ofDatasets.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
        return ((general.map { ["\($0)"] } ?? []) + single).joined(separator: ", ")
    }
}

/// What `--tolerance` says: `1e-12`, `1e-12,abs=1e-15`, `density=1e-12`, or `density=1e-12,abs=1e-15`; `rel=` may stand
/// before the relative part. A dataset called `abs` or `rel` is named `/abs`, `/rel`.
struct ToleranceOption: ExpressibleByArgument {
    /// The path of a dataset; nil for all that are not named.
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
        // From the end, as the name of a dataset may contain anything.
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
