import FoundationEssentials
import TestSupport
import Testing

/// `restart.sbatch`: runs that take longer than a job may.
@Suite struct RestartTests {
    /// 160 000 steps of little work, which one processor does in seconds.
    static let problem = ["--dx", "0.1", "--runtime", "400", "--outtime", "80"]

    /// Submits the problem so that its first job cannot complete it, however fast the machine: every step of it takes a
    /// millisecond more.
    private func submitTooLong(
        _ options: [String] = [], environment: [String: String] = [:], in directory: String
    ) async throws -> String {
        let slow = try await interposer("slow", in: directory)
        try writeScript(
            """
            [ "$LINK" -gt 1 ] || [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] || export LD_PRELOAD=\(slow)
            exec \(builtProgram("diff2d")) "$@"
            """, to: "\(directory)/diff2d")
        return try await submit(
            "restart", ["--nodes=2", "--ntasks-per-node=1"] + options,
            arguments: Self.problem + ["--halo", "neighborhood", "--halo-depth", "1"],
            environment: ["PATH": "\(directory):\(searchPath)"].merging(environment) { $1 }, in: directory)
    }

    /// Slurm warns before the time is over; the run stops, is queued again and ends with the bits of one that was never
    /// stopped.
    @Test func aRunLongerThanAJob() async throws {
        try await withJobDirectory { directory in
            let job = try await submitTooLong(["--time=1", "--signal=B:USR1@10"], in: directory)
            try await direct("diff2d", Self.problem + ["--output", "direct.h5"], in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/restart-\(job).log")
            #expect(end.state == "COMPLETED", "\(log)")
            #expect((Int(end["Restarts"]) ?? 0) >= 1, "\(log)")
            #expect(log.contains("job 1 of at most 20") && log.contains("job 2 of at most 20"), "\(log)")
            try await expectSame("direct.h5", "restart-\(job).h5", in: directory)
        }
    }

    /// A job that may not be queued again submits the next one itself.
    @Test(arguments: ["mpiexec --bind-to none", "srun"])
    func aChainOfJobs(launcher: String) async throws {
        try await withJobDirectory { directory in
            let job = try await submitTooLong(environment: ["RESUBMIT": "1", "LAUNCH": launcher], in: directory)
            try await warn(job, in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/restart-\(job).log")
            #expect(end.state == "COMPLETED", "\(log)")
            let next = try #require(
                log.split(separator: "\n").last { $0.hasPrefix("Submitted batch job ") }?.split(separator: " ").last)
            let nextEnd = try await ended(String(next))[0]
            let nextLog = try contents("\(directory)/restart-\(next).log")
            #expect(nextEnd.state == "COMPLETED" && nextLog.contains("job 2 of at most 20"), "\(nextLog)")
            try await direct("diff2d", Self.problem + ["--output", "direct.h5"], in: directory)
            try await expectSame("direct.h5", "restart-\(job).h5", in: directory)
        }
    }

    /// The next job is one like this: options on the command line of sbatch, which override those in the template,
    /// stay.
    @Test(
        arguments: [
            [
                "--account=physics", "--partition=serial", "--time=7", "--nodes=2", "--ntasks=2", "--ntasks-per-node=1",
                "--cpus-per-task=2", "--mem-per-cpu=10", "--comment=two words; Account=other", "--job-name=a name",
                "--nice=5", "--mail-user=me@example.org", "--mail-type=END,FAIL", "--oversubscribe", "--contiguous",
                "--no-requeue", "--output=out-a1-%j.txt",
            ],
            [
                "--exclusive", "--tmp=5", "--output=mine%%-%j-%x.out", "--error=run.err", "--nodelist=node2",
                "--nodes=1",
                "--ntasks=2", "--threads-per-core=1", "--hint=nomultithread", "--distribution=cyclic",
                "--reservation=mine", "--job-name=Partition=serial",
            ],
            [
                "--exclusive=user", "--switches=1@10", "--spread-job", "--mem=100M", "--exclude=node1", "--nodes=1",
                "--ntasks-per-node=2", "--gres=scratch:1", "--licenses=compiler:1", "--constraint=fast&node2",
                "--output=log",
            ],
        ])
    func aResubmittedJobKeepsItsOptions(options: [String]) async throws {
        try await withJobDirectory { directory in
            try writeScript(
                "[ \"$LINK\" -gt 1 ] || exit 75\nprintf '%s|' \"$@\" > arguments", to: "\(directory)/diff2d")
            try writeScript("while [ \"$1\" != -n ]; do shift; done; shift 2; exec \"$@\"", to: "\(directory)/launcher")
            if options.contains("--reservation=mine") {
                try await slurm(
                    "scontrol",
                    [
                        "create", "reservation", "reservationname=mine", "starttime=now", "duration=60",
                        "users=\(try await run("id", ["-un"]).standardOutput.dropLast())", "nodes=ALL", "flags=maint",
                    ])
            }
            let job = try await submit(
                "restart", options, arguments: ["--dx", "0 1", "a  b"],
                environment: [
                    "RESUBMIT": "1", "LAUNCH": "launcher --option", "PATH": "\(directory):\(searchPath)",
                ], in: directory)
            let end = try await ended(job)[0]
            #expect(end.state == "COMPLETED", "\(end)")
            let next = String((Int(job) ?? 0) + 1)
            let nextEnd = try await ended(next)[0]
            #expect(nextEnd.state == "COMPLETED", "\(nextEnd)")
            #expect(try await description(job) == description(next))
            #expect(try contents("\(directory)/arguments").hasPrefix("diff2dparams.py|--dx|0 1|a  b|--output|"))
            if options.contains("--reservation=mine") {
                try await slurm("scontrol", ["delete", "reservationname=mine"])
            }
        }
    }

    /// What Slurm shows of a job, but for its times, places and number.
    private func description(_ job: String) async throws -> Set<String> {
        let different: Set = [
            "Priority", "RunTime", "SubmitTime", "EligibleTime", "AccrueTime", "StartTime", "EndTime", "LastSchedEval",
            "Scheduler", "AllocNode:Sid", "NodeList", "BatchHost", "Dependency",
        ]
        let outcome = try await slurm("scontrol", ["show", "job", job])
        try #require(outcome.status == 0, "\(outcome)")
        let texts = ["JobId=", "   Comment=", "   Command=", "   WorkDir=", "   Std"]
        var fields: Set<String> = []
        for line in outcome.standardOutput.split(separator: "\n").map(String.init) {
            if texts.contains(where: line.hasPrefix) {
                fields.insert(line.replacing("JobId=\(job)", with: "JobId=%j").replacing("-\(job)", with: "-%j"))
            } else {
                fields.formUnion(line.split(separator: " ").map(String.init))
            }
        }
        return fields.filter { !different.contains(String($0.prefix { $0 != "=" })) }
    }

    /// What this Slurm cannot do, such as qualities of service, without it: by what another would show.
    @Test func optionsThatSlurmShows() async throws {
        try await withJobDirectory { directory in
            try write(
                """
                JobId=12 JobName=Account=x QOS=y
                   UserId=me(1000) GroupId=me(1000) MCS_label=N/A
                   Priority=1 Nice=-7 Account=physics QOS=high WCKey=*
                   Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0
                   RunTime=00:00:01 TimeLimit=2-00:00:00 TimeMin=N/A
                   Partition=gpu AllocNode:Sid=login:1
                   ReqNodeList=(null) ExcNodeList=node[3-4]
                   NumNodes=3 NumCPUs=12 NumTasks=6 CPUs/Task=N/A ReqB:S:C:T=0:0:*:*
                   Socks/Node=* NtasksPerN:B:S:C=0:0:*:* CoreSpec=*
                   MinCPUsNode=1 MinMemoryNode=64G MinTmpDiskNode=0
                   Features=(a100&ib) DelayBoot=00:00:00
                   OverSubscribe=OK Contiguous=0 Licenses=(null) Network=(null)
                   Command=/home/me/my jobs/restart.sbatch --dx 0.1
                   WorkDir=/home/me Partition=x
                   Comment= QOS=z = 1
                   StdErr=/home/me/12/e12-12.err
                   StdIn=/dev/null
                   StdOut=/home/me/12/o
                   Power=
                   TresPerNode=gres/gpu:2,gres:scratch:1

                """, to: "\(directory)/job")
            try writeScript("cat '\(directory)/job'", to: "\(directory)/scontrol")
            try writeScript("printf '%s|' \"$@\"", to: "\(directory)/sbatch")
            try writeScript("exit 75", to: "\(directory)/launcher")
            let outcome = try await run(
                "bash", ["\(packageDirectory)/jobs/restart.sbatch", "--dx", "0.1"],
                environment: [
                    "PATH": "\(directory):\(searchPath)", "LAUNCH": "launcher", "RESUBMIT": "1", "SLURM_JOB_ID": "12",
                    "SLURM_JOB_NAME": "Account=x QOS=y", "SLURM_NTASKS": "6", "SLURM_GPUS_PER_TASK": "1",
                    "SLURM_GPU_BIND": "closest",
                ], directory: directory)
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
            let options = outcome.standardOutput.split(separator: "\n").last.map { $0.split(separator: "|") } ?? []
            #expect(
                options == [
                    "--dependency=afterany:12", "--job-name=Account=x QOS=y", "--account=physics", "--partition=gpu",
                    "--qos=high", "--time=2-00:00:00", "--nodes=3", "--ntasks=6", "--mincpus=1", "--mem=64G",
                    "--constraint=(a100&ib)", "--exclude=node[3-4]", "--nice=-7", "--gpus-per-task=1",
                    "--gpu-bind=closest", "--gres=gpu:2,scratch:1", "--comment= QOS=z = 1",
                    "--output=/home/me/12/o", "--error=/home/me/12/e12-%j.err", "/home/me/my jobs/restart.sbatch",
                    "--dx", "0.1",
                ])
        }
    }

    /// A run that is not complete after as many jobs as it may have ends.
    @Test func noMoreJobsThanAllowed() async throws {
        try await withJobDirectory { directory in
            let job = try await submitTooLong(environment: ["MOST": "1"], in: directory)
            try await warn(job, in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/restart-\(job).log")
            #expect(end.state == "FAILED" && end.exitCode == "75:0" && end["Restarts"] == "0", "\(log)")
            #expect(log.contains("restart.sbatch: not complete after 1 jobs"), "\(log)")
        }
    }

    /// A launcher that ends with 0 where its ranks end with 75, as that of MPICH 4.0 does once it has passed on a
    /// signal, does not make an unfinished run a complete one.
    @Test func aLauncherThatForgetsTheStatus() async throws {
        try await withJobDirectory { directory in
            try writeScript(
                """
                trap 'kill -USR1 $child' USR1
                \(launcher) "$@" & child=$!
                while kill -0 $child; do wait $child; done 2> /dev/null
                exit 0
                """, to: "\(directory)/launcher")
            let job = try await submitTooLong(environment: ["LAUNCH": "\(directory)/launcher"], in: directory)
            try await warn(job, in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/restart-\(job).log")
            #expect(end.state == "COMPLETED" && end["Restarts"] == "1", "\(log)")
            try await direct("diff2d", Self.problem + ["--output", "direct.h5"], in: directory)
            try await expectSame("direct.h5", "restart-\(job).h5", in: directory)
        }
    }

    /// Sends what Slurm sends before the time is over, once the run is under way.
    private func warn(_ job: String, in directory: String) async throws {
        try await until("the result is being written") {
            try listing(directory).contains { $0.hasPrefix(".restart-") && $0.hasSuffix(".incomplete") }
        }
        try await slurm("scancel", ["--batch", "--signal=USR1", job])
    }
}
