import FoundationEssentials
import TestSupport
import Testing

/// What `LAUNCH` says, in every template that starts ranks; without Slurm, but for the variables it would set.
@Suite struct LauncherTests {
    /// Each template, and how often it starts ranks.
    private static let templates = [
        ("auc", 1), ("compare", 2), ("diff2d", 1), ("pimc", 1), ("restart", 1), ("scaling", 2),
    ]

    /// A launcher may have options of its own, such as `mpiexec --oversubscribe`.
    @Test(arguments: templates, ["launcher --one two --three=4", " launcher\t --one   two --three=4 "])
    func optionsOfTheLauncher(_ template: (name: String, starts: Int), launch: String) async throws {
        try await withJobDirectory { directory in
            try writeScript(
                """
                printf '%s|' "$@" >> words; echo >> words
                while [ "$1" != -n ]; do shift; done
                exec \(launcher) "$@"
                """, to: "\(directory)/launcher")
            let isCounting = ["auc", "pimc"].contains(template.name)
            let outcome = try await run(
                "bash",
                ["\(packageDirectory)/jobs/\(template.name).sbatch"] + (isCounting ? ["1000"] : TemplateTests.small),
                environment: launcherEnvironment.merging([
                    "PATH": "\(directory):\(searchPath)", "LAUNCH": launch, "SLURM_JOB_ID": "7", "SLURM_NTASKS": "2",
                    "REPEAT": "1",
                ]) { $1 }, directory: directory)
            #expect(outcome.status == 0, "\(outcome)")
            let starts = try contents("\(directory)/words").split(separator: "\n")
            #expect(starts.count == template.starts)
            #expect(starts.allSatisfy { $0.hasPrefix("--one|two|--three=4|-n|") }, "\(starts)")
        }
    }

    /// A launcher that is not there is named, and is no success.
    @Test(arguments: templates)
    func aMissingLauncher(_ template: (name: String, starts: Int)) async throws {
        try await withJobDirectory { directory in
            let outcome = try await run(
                "bash", ["\(packageDirectory)/jobs/\(template.name).sbatch"],
                environment: [
                    "PATH": searchPath, "LAUNCH": "no-such-launcher --option", "SLURM_JOB_ID": "7", "SLURM_NTASKS": "2",
                ], directory: directory)
            #expect(outcome.status == (template.name == "scaling" ? 69 : 127), "\(outcome)")
            #expect(outcome.standardError.contains("no-such-launcher"), "\(outcome)")
        }
    }
}
