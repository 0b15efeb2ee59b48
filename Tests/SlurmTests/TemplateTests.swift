import TestSupport
import Testing

/// Every job template, submitted to a real Slurm of two virtual nodes; what it computes has the bits of a direct run.
@Suite struct TemplateTests {
    /// A problem of a second or less.
    static let small = ["--dx", "0.2", "--runtime", "2"]

    @Test func everyTemplateIsCleanAndAccepted() async throws {
        let check = try await run("shellcheck", templates)
        #expect(check.status == 0, "\(check)")
        try await withJobDirectory { directory in
            for template in templates {
                let outcome = try await slurm("sbatch", ["--test-only", template], in: directory)
                #expect(outcome.status == 0, "\(template): \(outcome)")
                #expect(try contents(template).contains("\nset -euo pipefail\n"))
            }
        }
    }

    /// Ranks on two nodes, started by the MPI's launcher and by Slurm's.
    @Test(arguments: ["mpiexec", "srun"])
    func diff2dOnTwoNodes(launcher: String) async throws {
        try await withJobDirectory { directory in
            let job = try await submit(
                "diff2d", ["--nodes=2", "--ntasks-per-node=2"], environment: ["LAUNCH": launcher], in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/diff2d-\(job).log")
            #expect(end.state == "COMPLETED" && end.exitCode == "0:0", "\(log)")
            #expect(end["NumNodes"] == "2" && end["NumTasks"] == "4")
            #expect(log.contains("4 ranks as 4x1"), "\(log)")
            // Not all ranks share memory, so they are on different nodes.
            #expect(log.contains("persistent, 4 deep"), "\(log)")
            try await direct("diff2d", ["diff2dparams.py", "--output", "direct.h5"], in: directory)
            try await expectSame("direct.h5", "diff2d-\(job).h5", in: directory)
            #expect(try contents("\(directory)/diff2d-\(job).json").contains("\"ranks\" : 4"))
        }
    }

    @Test(arguments: [("auc", ["1000003"]), ("pimc", ["1000003", "--seed", "7"])])
    func aucAndPimc(program: String, arguments: [String]) async throws {
        try await withJobDirectory { directory in
            let job = try await submit(program, ["--ntasks=3"], arguments: arguments, in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/\(program)-\(job).log")
            #expect(end.state == "COMPLETED", "\(log)")
            try await direct(program, arguments + ["--output", "direct.h5"], in: directory)
            try await expectSame("direct.h5", "\(program)-\(job).h5", in: directory)
        }
    }

    @Test func serial() async throws {
        try await withJobDirectory { directory in
            let job = try await submit("serial", in: directory)
            let end = try await ended(job)[0]
            #expect(end.state == "COMPLETED" && end["Partition"] == "serial" && end["NumTasks"] == "1")
            try await direct("diff2d", ["diff2dparams.py", "--output", "direct.h5"], in: directory)
            try await expectSame("direct.h5", "diff2d-\(job).h5", in: directory)
        }
    }

    /// A task for each line of the table; one that has no line fails, and no other with it.
    @Test func array() async throws {
        try await withJobDirectory { directory in
            let job = try await submit("array", ["--array=1-5%2"], in: directory)
            #expect(try await show(job)[0]["ArrayTaskThrottle"] == "2")
            let tasks = try await ended(job)
            #expect(tasks.map(\.state) == ["COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED", "FAILED"])
            #expect(tasks.map(\.exitCode) == ["0:0", "0:0", "0:0", "0:0", "64:0"])
            #expect(try contents("\(directory)/sweep-\(job)_5.log") == "array.sbatch: sweep.txt has no line 5\n")
            for (number, options) in try sweep().enumerated() {
                try await direct("diff2d", options + ["--output", "direct.h5"], in: directory)
                try await expectSame("direct.h5", "sweep-\(job)_\(number + 1).h5", in: directory)
            }
        }
    }

    /// The same runs on the tasks of one job, fewer than there are lines; a line that is wrong costs only itself.
    @Test func tasks() async throws {
        try await withJobDirectory { directory in
            let table = try contents("\(directory)/sweep.txt") + "--dx never\n"
            try write(table, to: "\(directory)/other.txt")
            let job = try await submit(
                "tasks", ["--ntasks=3", "--nodes=2"], environment: ["TABLE": "other.txt"], in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/tasks-\(job).log")
            #expect(end.state == "FAILED", "\(log)")
            #expect(log.contains("line 5 failed: --dx never: diff2d: "), "\(log)")
            for (number, options) in try sweep().enumerated() {
                try await direct("diff2d", options + ["--output", "direct.h5"], in: directory)
                try await expectSame("direct.h5", "tasks-\(job)-\(number + 1).h5", in: directory)
            }
            #expect(try !listing(directory).contains("tasks-\(job)-5.h5"))
        }
    }

    @Test func compare() async throws {
        try await withJobDirectory { directory in
            let job = try await submit("compare", ["--ntasks=3"], in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/compare-\(job).log")
            #expect(end.state == "COMPLETED", "\(log)")
            #expect(log.contains("identical: 8 datasets"), "\(log)")
        }
    }

    @Test func scaling() async throws {
        try await withJobDirectory { directory in
            let job = try await submit(
                "scaling", ["--ntasks=3"], arguments: Self.small, environment: ["REPEAT": "1"], in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/scaling-\(job).log")
            #expect(end.state == "COMPLETED", "\(log)")
            let files = ["csv", "json", "log", "png"].map { "scaling-\(job).\($0)" }
            #expect(try Set(files).isSubset(of: listing(directory)), "\(log)")
            // A line for each number of ranks: 1, 2 and all three.
            #expect(try contents("\(directory)/scaling-\(job).csv").split(separator: "\n").count == 4)
        }
    }

    /// The options of the runs in the table that comes with the suite.
    private func sweep() throws -> [[String]] {
        try contents("\(packageDirectory)/params/sweep.txt").split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ").map(String.init) }
    }
}
