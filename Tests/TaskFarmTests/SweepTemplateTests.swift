import FoundationEssentials
import TestSupport
import Testing

/// The job templates that read a list of options, without Slurm: with programs that only print what they get.
@Suite struct SweepTemplateTests {
    private static let lists = [
        "--a 1\n# no\n\n--b 2", "\u{feff}--a 1\r\n# no\r\n\r\n--b 2\r\n", "\u{feff}# no\r\n--a 1\n --b 2 \r\n",
    ]

    @Test(arguments: lists)
    func array(list: String) async throws {
        let printed = try await run("array", list, ["SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "2"])
        #expect(printed == ["--b|2|--output|sweep-7_2.h5|--report|sweep-7_2.json|"])
    }

    @Test(arguments: lists)
    func tasks(list: String) async throws {
        let slurm = ["SLURM_JOB_ID": "7", "SLURM_PROCID": "0", "SLURM_NTASKS": "1"]
        let printed = try await run("tasks", list, slurm)
        #expect(printed == ["--a|1|--output|tasks-7-1.h5|", "--b|2|--output|tasks-7-2.h5|"])
    }

    /// - Returns: The arguments of each run of diff2d, each followed by a bar.
    private func run(_ template: String, _ list: String, _ environment: [String: String]) async throws -> [String] {
        try await withTasks([]) { field in
            try field.write(list, to: "sweep.txt")
            try writeScript("printf '%s|' \"$@\" >> runs; echo >> runs", to: field.directory + "/diff2d")
            // dash does not pass on the function that the template exports.
            try writeScript("", to: field.directory + "/srun")
            try field.write("#!/usr/bin/env bash\nwhile [[ $1 = --* ]]; do shift; done; exec \"$@\"\n", to: "srun")
            let outcome = try await TestSupport.run(
                "sh", ["-c", "PATH=$PWD:$PATH exec bash \"$1\"", "sh", "\(packageDirectory)/jobs/\(template).sbatch"],
                environment: environment, directory: field.directory)
            #expect(outcome.status == 0, "\(outcome)")
            return try field.text("runs").split(separator: "\n").map(String.init)
        }
    }
}
