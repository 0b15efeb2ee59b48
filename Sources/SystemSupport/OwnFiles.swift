private import FoundationEssentials

/// The files that a program has written itself, and whose place its next output may take. An empty file counts as one.
public struct OwnFiles: Sendable {
    let program: String
    let contains: @Sendable (_ path: String) -> Bool

    /// - Parameter contains: Whether the program wrote the file of a path. It is a regular one and not empty.
    public init(of program: String, _ contains: @escaping @Sendable (_ path: String) -> Bool) {
        self.program = program
        self.contains = contains
    }
}

extension OwnFiles {
    /// JSON documents whose value of `program` names it.
    public static func reports(of program: String) -> OwnFiles {
        struct Document: Decodable { var program: String }
        return OwnFiles(of: program) { path in
            // Of large files of another kind no more than this is read.
            guard (try? readBytes(of: path, atMost: 1)) == [UInt8(ascii: "{")], let bytes = try? readBytes(of: path)
            else { return false }
            return (try? JSONDecoder().decode(Document.self, from: Data(bytes)))?.program == program
        }
    }

    /// Files that begin with a text which only this program writes.
    public static func texts(of program: String, beginningWith start: String) -> OwnFiles {
        let start = Array(start.utf8)
        return OwnFiles(of: program) { path in (try? readBytes(of: path, atMost: start.count)) == start }
    }
}
