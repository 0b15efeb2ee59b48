import CommandSupport
import FoundationEssentials
import Glibc

/// The list of the files that plotdens has made in a folder, stored in that folder.
///
/// A file belongs to plotdens if the manifest lists its name together with the checksum of its content. A file that
/// somebody else has added or changed therefore does not.
struct Manifest {
    static let fileName = ".plotdens-manifest"
    /// The first line of the file.
    private static let heading = "# What plotdens has made in this folder: checksums and names."

    private let folder: String
    /// The other lines, each with a checksum and a name.
    private var entries: Set<String> = []

    /// Reads the manifest of a folder; a missing manifest counts as empty.
    ///
    /// - Returns: `nil` if the file is not a manifest of plotdens: a link, or a file without the first line of a
    ///   manifest.
    init?(of folder: String) {
        self.folder = folder
        let path = "\(folder)/\(Self.fileName)"
        var status = stat()
        if lstat(path, &status) != 0 { return }
        guard status.st_mode & S_IFMT == S_IFREG, let bytes = FileManager.default.contents(atPath: path) else {
            return nil
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.first == Self.heading else { return nil }
        entries = Set(lines.dropFirst())
    }

    /// Returns whether plotdens has made the file with this name.
    func owns(_ name: String) -> Bool {
        Self.entry(name, in: folder).map(entries.contains) ?? false
    }

    /// Returns the text of the manifest for a folder to which the named files are moved from `stagingFolder`.
    ///
    /// It also lists the files that they replace, so that the manifest is correct at any time during the move.
    func text(adding names: [String], in stagingFolder: String) -> String {
        let kept = entries.filter { entry in
            let name = entry.drop { $0 != " " }.dropFirst()
            return Self.entry(String(name), in: folder) == entry
        }
        let lines = kept.union(names.compactMap { Self.entry($0, in: stagingFolder) }).sorted()
        return ([Self.heading] + lines).map { $0 + "\n" }.joined()
    }

    /// Returns a line of the manifest: the hash of the content, and the name.
    private static func entry(_ name: String, in folder: String) -> String? {
        guard let content = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return nil }
        return "\(String(fnv1a(content), radix: 16)) \(name)"
    }
}
