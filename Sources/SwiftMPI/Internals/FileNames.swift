extension MPI {
    /// How many bytes the name of a file that ranks open together may have, without its folder.
    ///
    /// Open MPI makes files of its own beside it, whose names are up to 29 bytes longer; file systems take 255 bytes.
    package static var longestFileName: Int { 226 }
}
