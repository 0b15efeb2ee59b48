import Diffusion
import FoundationEssentials
import TestSupport
import Testing

/// Every parameter of the table can be set in each way, and is told everywhere.
@Suite struct ParameterTableTests {
    @Test func help() async throws {
        let outcome = try await run(builtProgram("diff2d"), ["--help"])
        let words = outcome.standardOutput.split { $0.isWhitespace }.joined(separator: " ")
        for parameter in DiffusionParameter.all {
            let (option, number) = (parameter.optionName, "\(parameter.defaultValue)")
            let value = number.hasSuffix(".0") ? number.dropLast(2) : number[...]
            let text = "--\(option) <\(option)> \(parameter.meaning), in \(parameter.unit) (default \(value))."
            #expect(words.contains(text), "\(text): \(outcome)")
        }
    }

    /// Without what is in the file or behind the options, a parameter has another value.
    @Test func settings() async throws {
        try await withTemporaryDirectory { directory in
            // Effective and requested spacing are the same.
            let inFile = ["D": "2.0", "x1": "-3.0", "x2": "5.0", "dx": "0.25", "runtime": "0.25", "outtime": "0.125"]
            let onLine = ["D": "1.5", "x1": "-7.0", "x2": "9.0", "dx": "0.5", "runtime": "0.5", "outtime": "0.25"]
            let all = DiffusionParameter.all
            let names = all.map(\.name)
            #expect(Set(names) == Set(inFile.keys) && Set(names) == Set(onLine.keys))
            try write(names.map { "\($0) = \(inFile[$0]!)\n" }.joined().utf8, to: "\(directory)/p.py")
            let options = all.flatMap { ["--\($0.optionName)", onLine[$0.name]!] }

            for (arguments, expected) in [(["p.py"], inFile), (options, onLine), (["p.py"] + options, onLine)] {
                try await diff2d(1, arguments, in: directory)
                let values = try await values(names.map { "float(attrs['\($0)'])" }, of: "\(directory)/diff2d.h5")
                #expect(values == names.map { expected[$0]! }, "\(arguments)")
            }
        }
    }

    /// A run goes on from a checkpoint only with the same value of each.
    @Test func checkpoints() async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 64, steps: 60, every: 3) + ["--no-output"]
            let stopped = try await mpiexec(
                1, "diff2d", problem + ["--checkpoint", "saved"], environment: ["SLURM_JOB_END_TIME": "1"],
                directory: directory)
            #expect(stopped.status == 75, "\(stopped)")
            for parameter in DiffusionParameter.all {
                // Of two values the last one counts.
                let change = ["--\(parameter.optionName)", "\(parameter.defaultValue * 1.25)"]
                let other = try await mpiexec(
                    1, "diff2d", problem + change + ["--restart", "saved"], directory: directory)
                #expect(other.status == 64, "\(other)")
                expectOneLine(other, saying: ["another run: \(parameter.optionName) is "])
            }
        }
    }

    /// The file that is shipped sets every parameter, to its default.
    @Test func shippedFile() throws {
        let text = try String(contentsOfFile: "\(packageDirectory)/params/diff2dparams.py", encoding: .utf8)
        let values = text.split(separator: "\n").compactMap { $0.firstMatch(of: /^(\w+) *= *([-.0-9]+);/)?.output }
        let set = Dictionary(values.map { (String($0.1), Double($0.2)) }) { _, last in last }
        #expect(set == Dictionary(uniqueKeysWithValues: DiffusionParameter.all.map { ($0.name, $0.defaultValue) }))
    }
}
