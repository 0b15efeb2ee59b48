@preconcurrency private import Glibc

/// The environment of the tasks: this process's, without what ties it to the job that the farm runs in.
///
/// An MPI program that is a task would otherwise take itself for a rank of the farm's job. What the user has set for
/// MPI programs, such as `OMPI_MCA_btl`, stays.
enum ChildEnvironment {
    /// `name=value` each.
    static var inherited: [Bytes] {
        var inherited: [Bytes] = []
        var next = environ
        while let variable = next.pointee {
            let bytes = Bytes(UnsafeRawBufferPointer(start: variable, count: strlen(variable)))
            if !jobPrefixes.contains(where: { bytes.starts(with: $0.utf8) }) { inherited.append(bytes) }
            next += 1
        }
        return inherited
    }

    private static let jobPrefixes = [
        // PMIx and PMI, by which ranks find each other, whoever starts them.
        "PMIX_", "PMI_", "PMI2_", "PMI1_", "PALS_", "FLUX_PMI",
        // Open MPI's launcher. OMPI_MCA_… and PRTE_MCA_… are also how users set parameters: only what mpiexec adds.
        "OMPI_COMM_WORLD_", "OMPI_UNIVERSE_SIZE", "OMPI_APP_CTX_NUM_PROCS", "OMPI_NUM_APP_CTX", "OMPI_FIRST_RANKS",
        "OMPI_FILE_LOCATION", "OMPI_ARGV", "OMPI_COMMAND", "OMPI_MCA_orte_", "OMPI_MCA_ess", "OMPI_MCA_pmix",
        "OMPI_MCA_initial_wdir", "OMPI_MCA_mpi_oversubscribe", "OMPI_MCA_shmem_RUNTIME_QUERY_hint", "ORTE_",
        "PRTE_LAUNCHED",
        // Hydra: MPICH and Intel MPI.
        "HYDI_", "HYDRA_", "MPI_LOCAL", "MPIR_CVAR_CH3_INTERFACE_HOSTNAME", "GFORTRAN_UNBUFFERED_PRECONNECTED",
        "MPICH_INTERFACE_HOSTNAME", "I_MPI_HYDRA", "I_MPI_MPIRUN",
        // MVAPICH.
        "MV2_COMM_WORLD_", "MPISPAWN_",
        // A farm whose task this farm is.
        "TASKFARM_TASK=", "TASKFARM_ATTEMPT=", "TASKFARM_RANK=",
        // The step that srun made for the farm; the allocation itself stays, for a task that calls srun.
        "SLURM_STEP", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID", "SLURM_TASK_PID", "SLURM_GTIDS",
        "SLURM_SRUN_", "SLURM_LAUNCH_NODE_IPADDR", "SLURM_PMI", "SLURM_MPI_TYPE", "SLURM_UMASK", "SLURM_DISTRIBUTION",
    ]
}
