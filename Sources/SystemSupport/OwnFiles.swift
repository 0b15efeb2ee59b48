private import FoundationEssentials

/// The files that a program has written itself, which its next output may replace. Empty files may always be replaced.
public struct OwnFiles: Sendable {
    let program: String
    let contains: @Sendable (_ path: String) -> Bool

    /// - Parameter contains: Returns whether the program wrote the file at a path, which is a regular file and not
    ///   empty.
    public init(of program: String, _ contains: @escaping @Sendable (_ path: String) -> Bool) {
        self.program = program
        self.contains = contains
    }
}

extension OwnFiles {
    /// JSON documents whose value of `program` is the name of the program.
    public static func reports(of program: String) -> OwnFiles {
        struct Document: Decodable { var program: String }
        return OwnFiles(of: program) { path in
            // Reads only one byte of large files of other kinds.
            guard (try? readBytes(of: path, atMost: 1)) == [UInt8(ascii: "{")], let bytes = try? readBytes(of: path)
            else { return false }
            return (try? JSONDecoder().decode(Document.self, from: Data(bytes)))?.program == program
        }
    }

    /// Files that start with a text that only this program writes.
    public static func texts(of program: String, beginningWith start: String) -> OwnFiles {
        let start = Array(start.utf8)
        return OwnFiles(of: program) { path in (try? readBytes(of: path, atMost: start.count)) == start }
    }
}
