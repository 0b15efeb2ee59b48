import Expressions
import SystemSupport

/// The command whose scaling is measured, as a function of the number of ranks.
///
/// A word may contain `{expression}` with an expression of the number of ranks, such as `{1000000*ranks}` or
/// `{0.1/sqrt(ranks)}`, and `{report}` and `{output}`, which stand for the files of a run's report and result. The
/// programs of the suite get these files through their own options.
struct CommandUnderTest {
    private enum Piece {
        case literal(String)
        case expression(Function)
        case report
        case output
    }
    private let words: [[Piece]]
    /// The command as the user wrote it.
    let text: String
    /// Whether each run writes a report; `hasOutput` tells whether it also writes a result that can be compared.
    let hasReport: Bool
    let hasOutput: Bool

    private static let suite: Set = ["diff2d", "auc", "pimc"]

    /// - Throws: ``UserError`` of status 64 for an invalid expression, and for a program of the suite that is told to
    ///   write its report or result elsewhere.
    init(_ words: [String]) throws(UserError) {
        var parsed: [[Piece]] = []
        for word in words { parsed.append(try Self.pieces(of: word)) }
        func has(_ isIt: (Piece) -> Bool) -> Bool { parsed.contains { $0.contains(where: isIt) } }
        var hasReport = has { if case .report = $0 { true } else { false } }
        var hasOutput = has { if case .output = $0 { true } else { false } }
        if let program = words.first?.split(separator: "/").last, Self.suite.contains(String(program)) {
            for (option, isReplaced) in [("--report", hasReport), ("--output", hasOutput)] where !isReplaced {
                guard !words.contains(where: { $0 == option || $0.hasPrefix(option + "=") }) else {
                    throw UserError(
                        "leave \(option) out: each run gets a file of its own, which is compared and removed",
                        exitStatus: ExitStatus.usage)
                }
            }
            if !hasReport {
                parsed += [[.literal("--report")], [.report]]
                hasReport = true
            }
            if !hasOutput && !words.contains("--no-output") {
                parsed += [[.literal("--output")], [.output]]
                hasOutput = true
            }
        }
        self.words = parsed
        self.hasReport = hasReport
        self.hasOutput = hasOutput
        text = words.joined(separator: " ")
    }

    func arguments(ranks: Int, report: String, output: String) -> [String] {
        words.map { pieces in
            pieces.map { piece in
                switch piece {
                case .literal(let text): text
                case .expression(let function): number(Evaluator(function).value(at: Double(ranks)))
                case .report: report
                case .output: output
                }
            }.joined()
        }
    }

    /// Checks that the program can be found for each number of ranks, as its name may depend on that number.
    ///
    /// - Throws: ``UserError`` of status 69 if it cannot be found.
    func requireFindable(ranks: [Int]) throws(UserError) {
        for count in ranks {
            let program = arguments(ranks: count, report: "", output: "")[0]
            _ = try requireProgram(program, "there is no program")
        }
    }

    private static func pieces(of word: String) throws(UserError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = word[...]
        // Looks for the innermost braces, as a command may contain others.
        while let close = rest.firstIndex(of: "}") {
            guard let open = rest[..<close].lastIndex(of: "{") else {
                pieces.append(.literal(String(rest[...close])))
                rest = rest[close...].dropFirst()
                continue
            }
            pieces.append(.literal(String(rest[..<open])))
            let inside = rest[rest.index(after: open)..<close]
            switch inside {
            case "report": pieces.append(.report)
            case "output": pieces.append(.output)
            case _ where inside.contains("ranks"):
                do throws(ExpressionError) {
                    // Expressions of the suite call their variable x.
                    pieces.append(.expression(try Function(String(inside.replacing("ranks", with: "(x)")))))
                } catch {
                    throw UserError("{\(inside)}: \(error.message)", exitStatus: ExitStatus.usage)
                }
            default: pieces.append(.literal(String(rest[open...close])))
            }
            rest = rest[close...].dropFirst()
        }
        return pieces + [.literal(String(rest))]
    }
}

/// Returns a number as text, whole numbers without a decimal point.
private func number(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }
