import ParallelHDF5
import SwiftMPI
import SystemSupport

extension FileComparison {
    /// Returns the report: a line for each dataset, the other differences, and the verdict. Each line ends with a
    /// newline.
    func report(_ pathA: String, _ pathB: String) -> String {
        var lines = ["A  \(printable(pathA.utf8))", "B  \(printable(pathB.utf8))", ""]
        lines += aligned(
            [["dataset", "type", "shape", "result"]]
                + datasets.map { ["\($0.path)", $0.type.description, $0.extent.description, $0.resultText] })
        let frames = datasets.compactMap { dataset in dataset.framesText.map { ["  \(dataset.path)", $0] } }
        if !frames.isEmpty { lines += ["", "frames that differ (places along the first axis):"] + aligned(frames) }
        func list(_ title: String, _ differences: [(name: String, a: String?, b: String?)]) {
            if differences.isEmpty { return }
            lines += ["", isStrict ? "\(title):" : "\(title) (not compared):"]
            lines += aligned(
                differences.flatMap { [["  \($0.name)", "A", shortened($0.a)], ["", "B", shortened($0.b)]] })
        }
        list("groups, links and named types that differ", structure.map { ("\($0.path)", $0.a, $0.b) })
        list("attributes that differ", attributes.map { ($0.name, $0.a, $0.b) })
        lines += ["", verdictText]
        return lines.map { $0 + "\n" }.joined()
    }

    private var verdictText: String {
        let elements = datasets.map {
            if case .compared(let differences) = $0.outcome { differences.count } else { 0 }
        }.reduce(0, +)
        func count(_ verdict: Verdict) -> Int { datasets.count { $0.verdict == verdict } }
        let all = counted(datasets.count, "dataset")
        let extent = "\(all), \(counted(elements, "element"))"
        switch verdict {
        case .identical:
            return "identical: \(extent)"
                + (remarks.isEmpty ? "; attributes and groups are the same, too" : remarksText)
        case .withinTolerance: return "same within tolerance \(tolerances): \(extent)" + remarksText
        case .different:
            return "different: \(count(.different)) of \(all)" + (isStrict ? remarksText : "")
        case .notComparable where datasets.isEmpty: return "not comparable: neither file has a dataset"
        case .notComparable:
            let different = count(.different)
            return "not comparable: \(count(.notComparable)) of \(all)"
                + (different > 0 ? "; different: \(different)" : "") + (isStrict ? remarksText : "")
        }
    }
}

extension FileComparison {
    /// Descriptions of differences outside the datasets, and of parts that were not compared.
    private var remarks: [String] {
        var remarks: [String] = []
        func add(_ count: Int, _ one: String, _ many: String) {
            if count > 0 { remarks.append("\(count) \(count == 1 ? one : many)") }
        }
        add(attributes.count, "attribute that differs", "attributes that differ")
        add(structure.count, "group, link or named type that differs", "groups, links or named types that differ")
        add(unfollowedLinks, "link that was not followed", "links that were not followed")
        return remarks
    }

    private var remarksText: String {
        remarks.isEmpty ? "" : (isStrict ? "; " : "; not compared: ") + remarks.joined(separator: ", ")
    }
}

extension DatasetComparison {
    var resultText: String {
        switch outcome {
        case .onlyIn(let side): return "not comparable: only in \(side)"
        case .notComparable(let reason): return "not comparable: \(reason)"
        case .compared(let differences): return differences.text(shape, verdict)
        }
    }
}

extension DatasetComparison {
    /// The frames that differ, if the dataset has frames: `3, 7-30; 25 of 31`.
    fileprivate var framesText: String? {
        guard shape.count > 1, case .compared(let differences) = outcome, !differences.frames.isEmpty else {
            return nil
        }
        let frames = differences.frames.keys.sorted()
        var runs: [ClosedRange<Int>] = []
        for frame in frames {
            if let last = runs.last, last.upperBound == frame - 1 {
                runs[runs.count - 1] = last.lowerBound...frame
            } else {
                runs.append(frame...frame)
            }
        }
        let shown = runs.prefix(12).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        return shown.joined(separator: ", ") + (runs.count > shown.count ? ", …" : "")
            + "; \(frames.count) of \(shape[0])"
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
            parts.append("max |A-B| \(largest.magnitude) at \(position(largest.element))")
        }
        if let largest = largestRelative {
            parts.append("max relative \(largest.magnitude) at \(position(largest.element))")
        }
        if differingOnlyInBits > 0 { parts.append("\(differingOnlyInBits) only in bits (-0 and 0, or NaNs)") }
        if nanOnOneSide > 0 { parts.append("\(nanOnOneSide) NaN on one side only") }
        if let first {
            let what = first.element == firstDiffering ? "first" : "first beyond"
            parts.append("\(what) at \(position(first.element)): A \(shortened(first.a)), B \(shortened(first.b))")
        } else if let firstDiffering {
            parts.append("first at \(position(firstDiffering))")
        }
        return parts.joined(separator: "; ")
    }
}

private func shortened(_ value: String?) -> String {
    guard let value else { return "(none)" }
    return value.count > 200 ? value.prefix(200) + "…" : value
}
