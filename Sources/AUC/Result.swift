import CommandSupport
import Expressions
import ParallelHDF5
import Quadrature
import ResultFiles
import SwiftMPI
import SystemSupport

/// Writes the result file. Collective.
func write(
    _ area: Area, of problem: AreaProblem, to file: PublishedFile, withPartials: Bool, on world: Communicator
) throws {
    try writing(file, on: world) { file in
        try file.write("integral", area.integral, meaning: "area under the curve")
        if let estimate = area.errorEstimate {
            try file.write("error_estimate", estimate, meaning: "estimated error of the area")
        }
        if let exact = area.exact, let error = area.error {
            try file.write("exact", exact, meaning: "exact area under the curve")
            try file.write("error", error, meaning: "difference from the exact area")
        }
        if withPartials {
            for column in area.columns {
                let dataset = try file.create(
                    column.name, of: Double.self, shape: [column.count], units: column.units, meaning: column.meaning)
                for (start, values) in column.pieces {
                    try file.writing { _ in
                        try dataset.write(
                            values, to: values.isEmpty ? .none(axes: 1) : Hyperslab(start..<start + values.count))
                    }
                }
            }
        }
        try file.describe(
            program: AUCCommand.commandName, title: "area under a curve",
            parameters: problem.numbers + [("points", Double(area.points))])
        try file.writing { file in
            for (name, value) in problem.texts { try file.setAttribute(name, to: value) }
        }
    }
}

extension AreaProblem {
    /// The parameters that describe the problem in the result file.
    var numbers: [(name: String, value: Double)] {
        switch self {
        case .rule(_, let range, _, _): [("from", range.from), ("to", range.to)]
        case .adaptive(_, let range, _, let tolerance, _):
            [("from", range.from), ("to", range.to), ("tolerance", tolerance)]
        case .samples: []
        }
    }

    var texts: [(name: String, value: String)] {
        switch self {
        case .rule(let function, _, let rule, _): [("function", function.text), ("rule", rule.rawValue)]
        case .adaptive(let function, _, let breakPoints, _, _):
            [("function", function.text), ("rule", "adaptive Gauss-Kronrod")]
                + (breakPoints.isEmpty ? [] : [("break_points", breakPoints.map { "\($0)" }.joined(separator: ","))])
        case .samples(let path, let names, let table, let rule):
            [("data", path), ("rule", rule.rawValue)] + (names.map { [("x", $0.x), ("y", $0.y)] } ?? [])
                + (table.columns.map { [("columns", $0.joined(separator: ","))] } ?? [])
        }
    }

    /// The description in the first line of the summary.
    var description: String {
        switch self {
        case .rule(let function, let range, let rule, _):
            "\(function.text) from \(range.from) to \(range.to), \(rule.rawValue) rule"
        case .adaptive(let function, let range, _, let tolerance, _):
            "\(function.text) from \(range.from) to \(range.to), adaptive to \(tolerance)"
        case .samples(let path, _, _, let rule): "samples of \(path), \(rule.rawValue) rule"
        }
    }
}

/// The program-specific part of the report.
struct AreaOutcome: Encodable {
    var integral: Double
    var points: Int
    /// The difference from the exact area if it is known, otherwise the estimated error.
    var error: Double?
    var errorEstimate: Double?
    var exact: Double?
}

extension AreaOutcome {
    init(_ area: Area) {
        self.init(
            integral: area.integral, points: area.points, error: area.error, errorEstimate: area.errorEstimate,
            exact: area.exact)
    }
}

/// Returns the text that is printed at the end of a run.
func summary(_ area: Area, _ problem: AreaProblem, _ statistics: RunStatistics) -> String {
    let error = area.error ?? area.errorEstimate ?? 0
    var rows = [("curve", problem.description), ("area", rounded(area.integral, error: error))]
    if let exact = area.exact, let error = area.error {
        rows += [("exact", rounded(exact, to: 15)), ("error", rounded(error, to: 2))]
    }
    let speed = engineering(statistics.updatesPerSecond)
    rows += [
        ("estimate", "the error is \(errorText(area.errorEstimate))"), ("points", "\(area.points)"),
        ("speed", "\(speed)points/s on \(counted(statistics.ranks, "rank"))"),
    ]
    return labeledLines(rows).joined(separator: "\n")
}

/// Returns an estimated error as part of a sentence.
func errorText(_ estimate: Double?) -> String { estimate.map { "about \(rounded($0, to: 2))" } ?? "not known" }
