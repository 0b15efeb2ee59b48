internal import CMPI
private import Glibc

/// Keeps Open MPI 4 from writing past a buffer that is too small for its message.
///
/// If two ranks share memory, Open MPI's receiver copies a long message directly out of the sender's memory, at its
/// full length, and only then reports `MPI_ERR_TRUNCATE`. It does so when the *sender* offers that copy. A sender that
/// may not use remote memory access sends the message in pieces instead, and the receiver takes only the pieces that
/// fit.
///
/// Only the sender's setting counts. Ranks of a job may therefore differ (a Python rank beside a Swift rank), and a
/// message from a rank without the setting is not protected: `mpiexec --mca pml_ob1_max_rdma_per_request 0` applies it
/// to all ranks.
///
/// The cost: messages above 4 KiB between ranks on a node are copied twice instead of once, but without a system call
/// (`process_vm_readv`) for each. Where both were measured, pieces were faster. Networks with their own driver (UCX,
/// PSM) are not affected. If the variable is already set, its value is kept.
func disableRemoteMemoryCopies() {
    if CMPI_OPEN_MPI_MAJOR() == 4 { setenv("OMPI_MCA_pml_ob1_max_rdma_per_request", "0", 0) }
}
