public import ArgumentParser
import Expressions
public import Quadrature
import SwiftMPI
import SystemSupport

/// The problem to solve: the validated command line.
enum AreaProblem {
    case rule(Function, IntegrationRange, Rule, points: Int)
    case adaptive(Function, IntegrationRange, breakPoints: [Double], tolerance: Double, points: Int)
    case samples(String, names: (x: String, y: String)?, TableOptions, SampledRule)
}

/// A range of integration, in either direction.
struct IntegrationRange {
    var from: Double
    var to: Double

    var isEmpty: Bool { from == to }
    var isFinite: Bool { (to - from).isFinite }
    var lower: Double { min(from, to) }
    var upper: Double { max(from, to) }
    /// The sign of the area: the area from b to a is the negative of the area from a to b.
    var sign: Double { from < to ? 1 : -1 }
}

extension AUCCommand {
    /// Returns the problem that the arguments describe. The result, or the error thrown, is the same on every rank.
    func problem() throws -> AreaProblem {
        if let data { return try samples(data) }
        if x != nil || y != nil { throw usage("--x and --y name datasets of a file that --data names") }
        if columns != nil || skip != nil || skipsMissing {
            throw usage("--columns, --skip and --skip-missing need a file that --data names")
        }
        let points = points?.value ?? 300_000_000
        // Beyond 2^53 a double no longer counts points one by one.
        guard points >= 1, points <= 1 << 53 else {
            throw usage("points is \(points), it must be between 1 and \(1 << 53)")
        }
        let function = try parsed()
        let range = IntegrationRange(from: from?.value ?? 0, to: to?.value ?? 3)
        if range.isEmpty, range.from.isInfinite {
            throw usage("the range is empty: --from and --to are both \(range.from)")
        }

        if let tolerance {
            guard tolerance > 0, tolerance < .infinity else {
                throw usage("--tolerance is \(tolerance), it must be positive")
            }
            if rule != nil { throw usage("--tolerance chooses the points itself: there is no --rule with it") }
            let breakPoints = Set(breakPoints?.values ?? []).sorted()
            if let outside = breakPoints.first(where: { $0 <= range.lower || $0 >= range.upper }) {
                throw usage("--points names \(outside), which is not between \(range.lower) and \(range.upper)")
            }
            return .adaptive(function, range, breakPoints: breakPoints, tolerance: tolerance, points: points)
        }
        if breakPoints != nil { throw usage("--points needs --tolerance: rules have points of their own") }
        let rule = rule ?? .left
        if rule != .gauss, !range.isFinite {
            throw usage(
                "--rule \(rule.rawValue) needs a finite range, not \(range.from) to \(range.to): "
                    + "--rule gauss and --tolerance take infinite ones")
        }
        if rule == .simpson, !points.isMultiple(of: 2) {
            throw usage("--rule simpson needs an even number of intervals, points is \(points)")
        }
        return .rule(function, range, rule, points: points)
    }

    private func samples(_ path: String) throws -> AreaProblem {
        let others: [(String, Bool)] = [
            ("--function", function != nil), ("--from", from != nil), ("--to", to != nil),
            ("--tolerance", tolerance != nil), ("--points", breakPoints != nil),
            ("a number of points", points != nil),
        ]
        if let (name, _) = others.first(where: \.1) {
            throw usage("--data brings samples: there is no \(name) with it")
        }
        guard let rule = SampledRule(rawValue: rule?.rawValue ?? SampledRule.trapezoid.rawValue) else {
            throw usage("--rule \(rule?.rawValue ?? "") needs a function: for samples there are trapezoid and simpson")
        }
        if let skip, skip < 0 { throw usage("--skip is \(skip), it must not be negative") }
        var table = TableOptions(skippedLines: skip ?? 0, skipsMissing: skipsMissing)
        if let columns {
            let names = columns.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard names.count == 2, !names.contains("") else {
                throw usage("--columns is '\(columns)', expected two columns such as 1,3")
            }
            if let number = names.lazy.compactMap({ Int($0) }).first(where: { $0 < 1 }) {
                throw usage("--columns names column \(number): columns are counted from 1")
            }
            table.columns = names
        }
        switch (x, y) {
        case (let x?, let y?): return .samples(path, names: (x, y), table, rule)
        case (nil, nil): return .samples(path, names: nil, table, rule)
        default: throw usage("--x and --y must be given together")
        }
    }

    private func parsed() throws -> Function {
        let text = function ?? Self.defaultFunction
        do {
            return try Function(text)
        } catch {
            throw usage("--function '\(text)', \(error)")
        }
    }

    func usage(_ message: String) -> JobFailure { JobFailure(message: message, exitStatus: ExitStatus.usage) }
}

/// A limit of the range: a number, an infinity, or an expression without x.
struct Limit: ExpressibleByArgument {
    let value: Double

    init?(argument: String) {
        switch argument {
        case "inf", "+inf", "infinity", "+infinity": value = .infinity
        case "-inf", "-infinity": value = -.infinity
        default:
            guard let constant = (try? Function(argument))?.constant, constant.isFinite else { return nil }
            value = constant
        }
    }
}

/// A comma-separated list of limits.
struct LimitList: ExpressibleByArgument {
    let values: [Double]

    init?(argument: String) {
        values = argument.split(separator: ",", omittingEmptySubsequences: false).compactMap {
            Limit(argument: String($0))?.value
        }
        guard values.count == argument.count(where: { $0 == "," }) + 1 else { return nil }
    }
}

/// A number of points: `1000000`, `1_000_000`, `1e6` or `2^20`.
struct Count: ExpressibleByArgument {
    let value: Int

    init?(argument: String) {
        // Digits in groups, as in Swift and Python.
        let groups = argument.split(separator: "_", omittingEmptySubsequences: false)
        let digits = groups.allSatisfy { $0.first?.isNumber == true } ? groups.joined() : argument
        if let number = Int(digits) {
            value = number
        } else if let number = (try? Function(digits))?.constant, let whole = Int(exactly: number) {
            value = whole
        } else {
            return nil
        }
    }
}

extension Rule: ExpressibleByArgument {}
