private import Glibc
internal import SystemSupport

/// The files of a checkpoint directory, which one rank manages.
struct Generations {
    let directory: String

    func path(of number: Int) -> String { "\(directory)/generation-\(number).checkpoint" }

    func temporaryPath(of number: Int) -> String { "\(directory)/.generation-\(number).incomplete" }

    /// The path of the file that contains the identifier of the run.
    private var runPath: String { "\(directory)/run" }

    /// Returns the identifier of the run that wrote the generations, which is part of the names of its other files.
    /// Returns a new identifier if there are no generations.
    ///
    /// - Throws: ``UserError`` of exit status 64 if the identifier is missing, of exit status 74 if it is damaged.
    func run() throws(UserError) -> String {
        if access(runPath, F_OK) != 0 {
            guard try numbers().isEmpty else {
                throw UserError(
                    "\(directory) has checkpoints, but no file 'run' that tells whose they are; without them the run "
                        + "starts anew", exitStatus: ExitStatus.usage)
            }
            try writeTextFile(runPath, hexadecimal(.random(in: .min ... .max)) + "\n", replacing: nil)
        }
        // Reads one byte more than expected, because a longer file is damaged too.
        let line = String(decoding: try readBytes(of: runPath, atMost: 18), as: UTF8.self)
        guard line.wholeMatch(of: /[0-9a-f]{16}\n/) != nil else {
            throw UserError("\(runPath) is damaged", exitStatus: ExitStatus.ioError)
        }
        return String(line.dropLast())
    }

    /// The path of a generation that is no longer needed and will be overwritten, so that no new disk space has to be
    /// allocated.
    private var sparePath: String { "\(directory)/.spare" }

    /// Creates the file of a generation, whose contents are written later.
    func begin(_ number: Int, byteCount: Int) throws(UserError) {
        rename(sparePath, temporaryPath(of: number))
        try CheckpointFile(temporaryPath(of: number), .create).setLength(byteCount)
    }

    /// Returns the numbers of the existing generations, in ascending order.
    func numbers() throws(UserError) -> [Int] {
        try names().compactMap { name in
            name.hasPrefix("generation-") && name.hasSuffix(".checkpoint")
                ? Int(name.dropFirst("generation-".count).dropLast(".checkpoint".count)) : nil
        }.sorted()
    }

    /// Creates the directory if it does not exist.
    ///
    /// - Throws: ``UserError`` of exit status 73 if checkpoints cannot be written to it.
    func prepare() throws(UserError) {
        func refused(_ code: Int32) -> UserError {
            UserError(
                "cannot write checkpoints to \(directory): \(systemError(code))", exitStatus: ExitStatus.cannotCreate)
        }
        if mkdir(directory, 0o777) != 0 {
            let code = errno
            if code != EEXIST { throw refused(code) }
        }
        var status = stat()
        if stat(directory, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR { throw refused(ENOTDIR) }
        guard access(directory, R_OK | W_OK | X_OK) == 0 else { throw refused(errno) }
    }

    /// Removes the unfinished files of killed runs.
    func removeIncomplete() throws(UserError) {
        for name in try names() where name.hasPrefix(".generation-") && name.hasSuffix(".incomplete") {
            unlink("\(directory)/\(name)")
        }
    }

    /// Durably gives a complete file its name, and makes all generations spare except that one and `others`.
    func publish(_ number: Int, keeping others: [Int]) throws(UserError) {
        guard rename(temporaryPath(of: number), path(of: number)) == 0 else {
            throw CheckpointFile.failed("write", path(of: number))
        }
        try CheckpointFile(directory, .read).synchronize()
        for old in try numbers() where old != number && !others.contains(old) { rename(path(of: old), sparePath) }
    }

    /// Removes the file of an unfinished generation.
    func discard(_ number: Int) { unlink(temporaryPath(of: number)) }

    /// Removes all generations.
    func removeAll() throws(UserError) {
        for number in try numbers() { unlink(path(of: number)) }
        unlink(sparePath)
        unlink(runPath)
    }

    private func names() throws(UserError) -> [String] {
        guard let stream = opendir(directory) else {
            let reason = systemError()
            throw UserError("cannot read checkpoints in \(directory): \(reason)", exitStatus: ExitStatus.usage)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                        String(cString: $0)
                    }
                })
        }
        return names
    }
}
