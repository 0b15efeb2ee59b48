private import Glibc

/// Keeps MPI from giving its own pipes and sockets the numbers of standard streams that are closed, as `program >&-`
/// closes one: what the program prints would go into a pipe of MPI, and the program would wait forever.
///
/// A closed stream becomes one that cannot be used either: writing to it fails with the same error.
func keepClosedStreamsClosed() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
        // The lowest number that is free, which is the stream's: those below it are open by now.
        _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
}
