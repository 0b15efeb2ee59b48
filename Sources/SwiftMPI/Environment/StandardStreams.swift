private import Glibc

/// Keeps MPI from assigning the file descriptors of closed standard streams to its own pipes and sockets.
///
/// A command such as `program >&-` closes a stream. Without this function, the program's output would go into one of
/// MPI's pipes, and the program would wait forever.
///
/// A closed stream is replaced by one that cannot be used either: writing to it fails with the same error.
func keepClosedStreamsClosed() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
        // `open` returns the lowest free descriptor, which is the stream's, because those below it are open by now.
        _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
}
