internal import CommandSupport
private import Glibc

/// The files of a checkpoint directory; one rank looks after them.
struct Generations {
    let directory: String

    func path(of number: Int) -> String { "\(directory)/generation-\(number).checkpoint" }

    func temporaryPath(of number: Int) -> String { "\(directory)/.generation-\(number).incomplete" }

    /// The file that names the run.
    private var runPath: String { "\(directory)/run" }

    /// The name of the run that the generations are of, by which it knows its other files; a new one if there are none.
    ///
    /// - Throws: ``UserError`` of status 64 if it is lost, of status 74 if it is damaged.
    func run() throws(UserError) -> String {
        if access(runPath, F_OK) != 0 {
            guard try numbers().isEmpty else {
                throw UserError(
                    "\(directory) has checkpoints, but no file 'run' that tells whose they are; without them the run "
                        + "starts anew", exitStatus: ExitStatus.usage)
            }
            try writeTextFile(runPath, hexadecimal(.random(in: .min ... .max)) + "\n", replacing: nil)
        }
        // One byte more than there should be: a longer file is damaged, too.
        let line = String(decoding: try readBytes(of: runPath, atMost: 18), as: UTF8.self)
        guard line.wholeMatch(of: /[0-9a-f]{16}\n/) != nil else {
            throw UserError("\(runPath) is damaged", exitStatus: ExitStatus.ioError)
        }
        return String(line.dropLast())
    }

    /// A generation that is not needed any more, to be written over: its place on the disk need not be found anew.
    private var sparePath: String { "\(directory)/.spare" }

    /// Makes the file of a generation, of which the contents are to be written.
    func begin(_ number: Int, byteCount: Int) throws(UserError) {
        rename(sparePath, temporaryPath(of: number))
        try CheckpointFile(temporaryPath(of: number), .create).setLength(byteCount)
    }

    /// The numbers of the generations there are, in ascending order.
    func numbers() throws(UserError) -> [Int] {
        try names().compactMap { name in
            name.hasPrefix("generation-") && name.hasSuffix(".checkpoint")
                ? Int(name.dropFirst("generation-".count).dropLast(".checkpoint".count)) : nil
        }.sorted()
    }

    /// Makes the directory, and removes what a killed run has not finished.
    ///
    /// - Throws: ``UserError`` of status 73.
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

    /// Removes what killed runs have not finished.
    func removeIncomplete() throws(UserError) {
        for name in try names() where name.hasPrefix(".generation-") && name.hasSuffix(".incomplete") {
            unlink("\(directory)/\(name)")
        }
    }

    /// Gives a complete file its name, for good, and sets aside all generations but that and those to be kept.
    func publish(_ number: Int, keeping others: [Int]) throws(UserError) {
        guard rename(temporaryPath(of: number), path(of: number)) == 0 else {
            throw CheckpointFile.failed("write", path(of: number))
        }
        try CheckpointFile(directory, .read).synchronize()
        for old in try numbers() where old != number && !others.contains(old) { rename(path(of: old), sparePath) }
    }

    /// Removes what has not become a generation.
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
