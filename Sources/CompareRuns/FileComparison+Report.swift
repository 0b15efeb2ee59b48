import CommandSupport
import ParallelHDF5

/// `31×299×299`, or `scalar`.
func shapeText(_ shape: [Int]) -> String {
    shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "×")
}

extension FileComparison {
    /// A line for each dataset, then the attributes that differ, then the verdict; every line ends with a newline.
    func report(_ pathA: String, _ pathB: String) -> String {
        var lines = ["A  \(pathA)", "B  \(pathB)", ""]
        lines += aligned(
            [["dataset", "type", "shape", "result"]]
                + datasets.map { [$0.path, $0.type.description, shapeText($0.shape), $0.resultText(tolerance)] })
        if !attributes.isEmpty {
            lines += ["", "attributes that differ (not compared):"]
            lines += aligned(
                attributes.flatMap {
                    [["  \($0.name)", "A", oneLine($0.a)], ["", "B", oneLine($0.b)]]
                })
        }
        lines += ["", verdictText]
        return lines.map { $0 + "\n" }.joined()
    }

    private var verdictText: String {
        let elements = datasets.map {
            if case .compared(let differences) = $0.outcome { differences.count } else { 0 }
        }.reduce(0, +)
        func count(_ verdict: Verdict) -> Int { datasets.count { $0.verdict(tolerance) == verdict } }
        let all = "\(datasets.count) dataset\(datasets.count == 1 ? "" : "s")"
        let extent = "\(all), \(elements) element\(elements == 1 ? "" : "s")"
        switch verdict {
        case .identical: return "identical: \(extent), every bit the same"
        case .withinTolerance: return "same within tolerance \(tolerance ?? 0): \(extent)"
        case .different: return "different: \(count(.different)) of \(all)"
        case .notComparable where datasets.isEmpty: return "not comparable: neither file has a dataset"
        case .notComparable:
            let different = count(.different)
            return "not comparable: \(count(.notComparable)) of \(all)"
                + (different > 0 ? "; different: \(different)" : "")
        }
    }
}

extension DatasetComparison {
    fileprivate func resultText(_ tolerance: Double?) -> String {
        switch outcome {
        case .onlyIn(let side): return "not comparable: only in \(side)"
        case .notComparable(let reason): return "not comparable: \(reason)"
        case .compared(let differences): return differences.text(shape, verdict(tolerance))
        }
    }
}

extension ElementDifferences {
    fileprivate func text(_ shape: [Int], _ verdict: Verdict) -> String {
        if verdict == .identical { return "identical" }
        func position(_ element: Int) -> String { "\(index(of: element, in: shape))" }

        var parts: [String] = []
        if verdict == .withinTolerance {
            parts.append("same within tolerance: \(differing) of \(count) not identical")
        } else if beyondTolerance < differing {
            parts.append("different: \(beyondTolerance) of \(count) beyond tolerance, \(differing) not identical")
        } else {
            parts.append("different: \(differing) of \(count)")
        }
        if let largest = largestAbsolute {
            parts.append("max |A-B| \(largest.text) at \(position(largest.element))")
        }
        if let largest = largestRelative {
            parts.append("max relative \(largest.text) at \(position(largest.element))")
        }
        if differingOnlyInBits > 0 { parts.append("\(differingOnlyInBits) only in bits (-0 and 0, or NaNs)") }
        if nanOnOneSide > 0 { parts.append("\(nanOnOneSide) NaN on one side only") }
        if let first {
            let what = first.element == firstDiffering ? "first" : "first beyond"
            parts.append("\(what) at \(position(first.element)): A \(first.a), B \(first.b)")
        } else if let firstDiffering {
            parts.append("first at \(position(firstDiffering))")
        }
        return parts.joined(separator: "; ")
    }
}

private func oneLine(_ value: String?) -> String {
    guard let value else { return "(none)" }
    let line = value.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 200 ? line.prefix(200) + "…" : line
}
