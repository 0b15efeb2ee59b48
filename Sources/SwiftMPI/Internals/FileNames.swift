extension MPI {
    /// The maximum length of the name of a file that ranks open together, in bytes and without its directory.
    ///
    /// Open MPI creates its own files next to it, whose names are up to 29 bytes longer. File systems allow names of
    /// 255 bytes.
    package static var longestFileName: Int { 226 }
}
