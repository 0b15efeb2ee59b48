@preconcurrency private import Glibc

/// The environment of the tasks: the environment of this process, without the variables that tie it to the job that the
/// farm runs in.
///
/// With those variables, an MPI program that runs as a task would take itself for a rank of the farm's job. Variables
/// that the user sets for MPI programs, such as `OMPI_MCA_btl`, are kept.
enum ChildEnvironment {
    /// The variables, each in the form `name=value`.
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
        // PMIx and PMI, which ranks use to find each other under any launcher.
        "PMIX_", "PMI_", "PMI2_", "PMI1_", "PALS_", "FLUX_PMI",
        // Open MPI's launcher. Users set parameters through OMPI_MCA_… and PRTE_MCA_… as well, so only those that
        // mpiexec adds are listed.
        "OMPI_COMM_WORLD_", "OMPI_UNIVERSE_SIZE", "OMPI_APP_CTX_NUM_PROCS", "OMPI_NUM_APP_CTX", "OMPI_FIRST_RANKS",
        "OMPI_FILE_LOCATION", "OMPI_ARGV", "OMPI_COMMAND", "OMPI_MCA_orte_", "OMPI_MCA_ess", "OMPI_MCA_pmix",
        "OMPI_MCA_initial_wdir", "OMPI_MCA_mpi_oversubscribe", "OMPI_MCA_shmem_RUNTIME_QUERY_hint", "ORTE_",
        "PRTE_LAUNCHED",
        // Hydra: MPICH and Intel MPI.
        "HYDI_", "HYDRA_", "MPI_LOCAL", "MPIR_CVAR_CH3_INTERFACE_HOSTNAME", "GFORTRAN_UNBUFFERED_PRECONNECTED",
        "MPICH_INTERFACE_HOSTNAME", "I_MPI_HYDRA", "I_MPI_MPIRUN",
        // MVAPICH.
        "MV2_COMM_WORLD_", "MPISPAWN_",
        // An outer farm that runs this farm as a task.
        "TASKFARM_TASK=", "TASKFARM_ATTEMPT=", "TASKFARM_RANK=",
        // The step that srun created for the farm. The variables of the allocation are kept for a task that calls srun.
        "SLURM_STEP", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID", "SLURM_TASK_PID", "SLURM_GTIDS",
        "SLURM_SRUN_", "SLURM_LAUNCH_NODE_IPADDR", "SLURM_PMI", "SLURM_MPI_TYPE", "SLURM_UMASK", "SLURM_DISTRIBUTION",
    ]
}
