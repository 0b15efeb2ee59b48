import FoundationEssentials
import Glibc
import SystemSupport

/// The folder for the pictures. They are made in a hidden folder inside it and moved to their places when all are
/// complete.
struct Gallery {
    /// The folder in which the finished pictures appear.
    let path: String
    /// The folder in which the pictures are made.
    let stagingFolder: String

    /// Creates both folders.
    ///
    /// - Throws: ``UserError`` of exit status 73.
    init(_ path: String) throws(UserError) {
        self.path = path
        stagingFolder = "\(path)/.plotdens-\(ProcessInfo.processInfo.processIdentifier)"
        for folder in [path, stagingFolder] where mkdir(folder, 0o777) != 0 {
            let code = errno
            if code == EEXIST && folder != stagingFolder { continue }
            throw UserError(
                "cannot make the folder \(folder): \(systemError(code))", exitStatus: ExitStatus.cannotCreate)
        }
    }

    /// Returns the names of the pictures of some states and of all other pictures; an MP4 may be added to them.
    static func names(of states: [Int], hasHistory: Bool, hasAnimation: Bool) -> [String] {
        states.map(frameName) + ["lines.png"] + (hasHistory ? ["history.png"] : [])
            + (hasAnimation ? ["animation.gif"] : [])
    }

    /// Returns the name of the picture of a state.
    static func frameName(_ state: Int) -> String {
        let digits = String(state)
        return "frame-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".png"
    }

    private static func isFrame(_ name: String) -> Bool { name.hasPrefix("frame-") && name.hasSuffix(".png") }

    /// Checks that these pictures and the manifest replace only files that an earlier run made.
    ///
    /// - Returns: The manifest of the earlier run.
    /// - Throws: ``UserError`` of exit status 73.
    @discardableResult
    func requirePlaces(for names: [String]) throws(UserError) -> Manifest {
        func refused(_ name: String) -> UserError {
            UserError(
                "cannot write \(path)/\(name): the file there is not as plotdens made it; move it, or choose another "
                    + "folder with --output", exitStatus: ExitStatus.cannotCreate)
        }
        guard let manifest = Manifest(of: path) else { throw refused(Manifest.fileName) }
        var status = stat()
        for name in names where lstat("\(path)/\(name)", &status) == 0 && !manifest.owns(name) { throw refused(name) }
        return manifest
    }

    /// Moves the pictures to their places. Frames of an earlier run are removed; all other files stay.
    ///
    /// - Returns: The names of all pictures that are not frames.
    /// - Throws: ``UserError`` of exit status 73 if a picture would replace a file that plotdens did not make, or of
    ///   exit status 74 if a picture cannot be written or is incomplete.
    func publish() throws(UserError) -> [String] {
        try requireComplete()
        let new = try names(in: stagingFolder)
        let manifest = try requirePlaces(for: new)
        try writeTextFile(
            "\(path)/\(Manifest.fileName)", manifest.text(adding: new, in: stagingFolder), replacing: nil)
        for name in try names(in: path) where Self.isFrame(name) && !new.contains(name) && manifest.owns(name) {
            unlink("\(path)/\(name)")
        }
        for name in new where rename("\(stagingFolder)/\(name)", "\(path)/\(name)") != 0 {
            throw UserError(
                "cannot write \(path)/\(name): \(String(cString: strerror(errno)))", exitStatus: ExitStatus.ioError)
        }
        rmdir(stagingFolder)
        return new.filter { !Self.isFrame($0) }
    }

    /// - Throws: ``UserError`` of exit status 74 if a picture is incomplete.
    func requireComplete() throws(UserError) {
        for name in try names(in: stagingFolder) where !isComplete("\(stagingFolder)/\(name)") {
            throw UserError("cannot write \(path)/\(name) to its end", exitStatus: ExitStatus.ioError)
        }
    }

    private func names(in folder: String) throws(UserError) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw UserError("cannot read the folder \(folder)", exitStatus: ExitStatus.ioError)
        }
        return names.sorted()
    }

    /// Removes all pictures that have been made, and the folder if it contains nothing else.
    func discard() {
        try? FileManager.default.removeItem(atPath: stagingFolder)
        if (try? FileManager.default.contentsOfDirectory(atPath: path)) == [] {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Returns whether a file is complete: gnuplot does not report a full disk. A PNG file ends with its IEND chunk, a
    /// GIF file with a semicolon.
    private func isComplete(_ file: String) -> Bool {
        guard let bytes = FileManager.default.contents(atPath: file), !bytes.isEmpty else { return false }
        if file.hasSuffix(".png") { return bytes.suffix(8) == Data([0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]) }
        return !file.hasSuffix(".gif") || bytes.last == 0x3B
    }
}
