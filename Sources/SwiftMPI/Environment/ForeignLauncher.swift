internal import CMPI
private import Glibc

/// A launcher that started several ranks of which each believes to be alone.
///
/// It happens when `mpiexec` belongs to another MPI than the library, and under an `srun` that does not speak with the
/// library: the job would run N times over, each time on one rank, and every copy would write the same files.
struct ForeignLauncher {
    var name: String
    var ranks: Int
    var rank: Int
    /// What is wrong and what to use instead.
    var advice: String

    /// What the launchers' own environment variables say of this process, where they speak of more than one rank.
    ///
    /// `nil` where `SWIFTMPI_ALLOW_SINGLETONS` says that the copies are meant.
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
        // An mpiexec may start its daemons by srun, one a node, whose variables the ranks then inherit.
        let isUnderLauncher = known.contains { integer($0.1) != nil }
        if !isUnderLauncher, let ranks = integer("SLURM_STEP_NUM_TASKS"), ranks > 1 {
            return ForeignLauncher(
                name: "srun", ranks: ranks, rank: integer("SLURM_PROCID") ?? 0,
                advice: "use srun --mpi=pmix or --mpi=pmi2, whichever it supports, or its own mpiexec")
        }
        return nil
    }

    /// Says what is wrong, once for the whole job, and ends it with `EX_CONFIG`.
    func endJob() -> Never {
        if rank == 0 {
            writeToStandardError(
                "rank 0: wrong launcher: \(name) started \(ranks) ranks, but this program is built with "
                    + "\(MPI.libraryVersion), which sees only one; \(advice); "
                    + "SWIFTMPI_ALLOW_SINGLETONS=1 lets each run alone\n")
        } else {
            // The launcher may end the job with the first copy that fails: the line above goes first.
            sleep(1)
        }
        MPI_Finalize()
        exit(78)
    }

    private static func text(_ variable: String) -> String? { getenv(variable).map { String(cString: $0) } }
    private static func integer(_ variable: String) -> Int? { text(variable).flatMap { Int($0) } }
}
