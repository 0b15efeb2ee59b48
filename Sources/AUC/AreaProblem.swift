public import ArgumentParser
import CommandSupport
public import Quadrature
import SwiftMPI

/// What is to be computed: the command line, checked.
enum AreaProblem {
    case rule(Function, from: Double, to: Double, Rule, points: Int)
    case adaptive(Function, from: Double, to: Double, tolerance: Double, points: Int)
    case samples(String, names: (x: String, y: String)?, SampledRule)
}

extension AUCCommand {
    /// The same on every rank, and so is what it throws.
    func problem() throws -> AreaProblem {
        if let data { return try samples(data) }
        if x != nil || y != nil { throw usage("--x and --y name datasets of a file that --data names") }
        let points = points ?? 300_000_000
        // Beyond 2^53 a double no longer counts points one by one.
        guard points >= 1, points <= 1 << 53 else {
            throw usage("points is \(points), it must be between 1 and \(1 << 53)")
        }
        let function = try parsed()
        let (from, to) = (from?.value ?? 0, to?.value ?? 3)
        guard from < to else {
            throw usage("the range is empty: --from is \(from), --to is \(to), which must be larger")
        }

        if let tolerance {
            guard tolerance > 0, tolerance < .infinity else {
                throw usage("--tolerance is \(tolerance), it must be positive")
            }
            if rule != nil { throw usage("--tolerance chooses the points itself: there is no --rule with it") }
            return .adaptive(function, from: from, to: to, tolerance: tolerance, points: points)
        }
        let rule = rule ?? .left
        if rule != .gauss, !(to - from).isFinite {
            throw usage(
                "--rule \(rule.rawValue) needs a finite range, not \(from) to \(to): "
                    + "--rule gauss and --tolerance take infinite ones")
        }
        if rule == .simpson, !points.isMultiple(of: 2) {
            throw usage("--rule simpson needs an even number of intervals, points is \(points)")
        }
        return .rule(function, from: from, to: to, rule, points: points)
    }

    private func samples(_ path: String) throws -> AreaProblem {
        let others: [(String, Bool)] = [
            ("--function", function != nil), ("--from", from != nil), ("--to", to != nil),
            ("--tolerance", tolerance != nil), ("a number of points", points != nil),
        ]
        if let (name, _) = others.first(where: \.1) {
            throw usage("--data brings samples: there is no \(name) with it")
        }
        guard let rule = SampledRule(rawValue: rule?.rawValue ?? SampledRule.trapezoid.rawValue) else {
            throw usage("--rule \(rule?.rawValue ?? "") needs a function: for samples there are trapezoid and simpson")
        }
        switch (x, y) {
        case (let x?, let y?): return .samples(path, names: (x, y), rule)
        case (nil, nil): return .samples(path, names: nil, rule)
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

extension Rule: ExpressibleByArgument {}
