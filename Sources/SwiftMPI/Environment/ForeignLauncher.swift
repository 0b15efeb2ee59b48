internal import CMPI
private import Glibc

/// A launcher that started several ranks, each of which believes that it is alone.
///
/// This happens if `mpiexec` belongs to a different MPI than the library, or under an `srun` that does not communicate
/// with the library. The job would run N times, each time on one rank, and every copy would write the same files.
struct ForeignLauncher {
    var name: String
    var ranks: Int
    var rank: Int
    /// The problem and what to use instead.
    var advice: String

    /// Returns the launcher if its environment variables report more than one rank.
    ///
    /// Returns `nil` if `SWIFTMPI_ALLOW_SINGLETONS` allows the copies.
    static func detected() -> ForeignLauncher? {
        if let allowed = text("SWIFTMPI_ALLOW_SINGLETONS"), allowed != "", allowed != "0" { return nil }
        let known = [
            ("Open MPI", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"),
            ("MPICH or Intel MPI (PMI)", "PMI_SIZE", "PMI_RANK"),
        ]
        for (name, sizeVariable, rankVariable) in known {
            if let ranks = integer(sizeVariable), ranks > 1 {
                return ForeignLauncher(
                    name: name, ranks: ranks, rank: integer(rankVariable) ?? 0,
                    advice: "use the mpiexec that belongs to it")
            }
        }
        // An mpiexec may start its daemons with srun, one on each node; the ranks then inherit srun's variables.
        let isUnderLauncher = known.contains { integer($0.1) != nil }
        if !isUnderLauncher, let ranks = integer("SLURM_STEP_NUM_TASKS"), ranks > 1 {
            return ForeignLauncher(
                name: "srun", ranks: ranks, rank: integer("SLURM_PROCID") ?? 0,
                advice: "use srun --mpi=pmix or --mpi=pmi2, whichever it supports, or its own mpiexec")
        }
        return nil
    }

    /// Reports the problem, once for the whole job, and ends the job with `EX_CONFIG`.
    func endJob() -> Never {
        if rank == 0 {
            writeToStandardError(
                "rank 0: wrong launcher: \(name) started \(ranks) ranks, but this program is built with "
                    + "\(MPI.libraryVersion), which sees only one; \(advice); "
                    + "SWIFTMPI_ALLOW_SINGLETONS=1 lets each run alone\n")
        } else {
            // The launcher may end the job when the first copy fails, so rank 0 must print its line first.
            sleep(1)
        }
        MPI_Finalize()
        exit(78)
    }

    private static func text(_ variable: String) -> String? { getenv(variable).map { String(cString: $0) } }
    private static func integer(_ variable: String) -> Int? { text(variable).flatMap { Int($0) } }
}
