internal import CMPI
private import Glibc

/// Keeps Open MPI 4 from writing past a buffer that is too small for its message.
///
/// Where two ranks share memory, its receiver copies a long message straight out of the sender's memory, as long as it
/// is, and only then reports `MPI_ERR_TRUNCATE`. It does so when the *sender* offers that copy. A sender that may use
/// no remote memory access sends in pieces instead, of which the receiver takes as much as fits. The setting is the
/// sender's alone, so that ranks of a job may differ (a Python rank beside a Swift one), and a message from a rank
/// without it is not protected: `mpiexec --mca pml_ob1_max_rdma_per_request 0` gives it to all.
///
/// The cost: messages above 4 KiB between ranks of a node are copied twice instead of once, but without a system call
/// (`process_vm_readv`) each; where both were measured the pieces were faster. Networks with a driver of their own
/// (UCX, PSM) are not concerned. Whoever has set the variable keeps what it says.
func keepTruncatedMessagesInside() {
    if CMPI_OPEN_MPI_MAJOR() == 4 { setenv("OMPI_MCA_pml_ob1_max_rdma_per_request", "0", 0) }
}
