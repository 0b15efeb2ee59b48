import CommandSupport
import FoundationEssentials
import Glibc
import SystemSupport
import TestSupport
import Testing

/// Locks, text files and files that are published, without MPI.
@Suite struct FileTests {
    @Test func oneHolderAtATime() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/lock"
            var first = try FileLock(path, for: "the result")
            #expect(first != nil)
            #expect(try FileLock(path, for: "the result") == nil)
            // Another process does not get it either.
            #expect(try await run("flock", ["-n", path, "true"]).status == 1)
            first = nil
            #expect(access(path, F_OK) != 0)
            #expect(try FileLock(path, for: "the result") != nil)
        }
    }

    /// What a killed run leaves is no lock.
    @Test func aFileThatIsLeftIsNoLock() async throws {
        try await withTemporaryDirectory { directory in
            try write("", to: directory + "/lock")
            #expect(try FileLock(directory + "/lock", for: "the result") != nil)
            #expect(throws: refusal("cannot write the result: No such file or directory", 73)) {
                _ = try FileLock(directory + "/none/lock", for: "the result")
            }
        }
    }

    @Test func whereAFileCannotBe() async throws {
        try await withTemporaryDirectory { directory in
            try write("", to: directory + "/file")
            try write("mine", to: directory + "/protected")
            chmod(directory + "/protected", 0o444)
            mkfifo(directory + "/fifo", 0o666)
            mkdir(directory + "/folder", 0o777)
            let long = String(repeating: "x", count: 300)
            for (path, text) in [
                ("-", "standard output takes no such file; give it a name"), ("", "'' is not the name of a file"),
                ("folder/", "'\(directory)/folder/' is not the name of a file"),
                ("none/file", "directory \(directory)/none: No such file or directory"),
                ("file/file", "\(directory)/file is not a directory"), ("folder", "it is a directory"),
                ("fifo", "it is not a regular file"), ("protected", "the file of that name is write-protected"),
                (long, "the name is too long by "),
            ] {
                let path = path == "-" || path.isEmpty ? path : "\(directory)/\(path)"
                let error = #expect(throws: UserError.self) { try PublishedFile(path, replacing: nil).prepare() }
                #expect(
                    error?.exitStatus == 73 && error?.description.contains(text) == true, "\(path): \(error as Any)")
            }
            #expect(try listing(directory) == ["fifo", "file", "folder", "protected"])
        }
    }

    /// The name belongs to the old file until the new one is complete.
    @Test func publishing() async throws {
        try await withTemporaryDirectory { directory in
            try write("old", to: directory + "/file")
            symlink("file", directory + "/link")
            let target = PublishedFile(directory + "/link", replacing: nil)
            try target.prepare()
            #expect(target.temporaryPath == directory + "/.file.incomplete")
            #expect(throws: refusal("another run is writing \(directory)/file", 73)) {
                try PublishedFile(directory + "/file", replacing: nil).prepare()
            }
            try write("new", to: target.temporaryPath)
            #expect(try contents(directory + "/file") == "old")
            let stamp = target.stamp
            try target.publish()
            #expect(try contents(directory + "/file") == "new" && target.stamp != stamp)
            #expect(try listing(directory) == ["file", "link"])
            // What is discarded leaves the file as it was.
            try target.prepare()
            try write("newer", to: target.temporaryPath)
            target.discard()
            #expect(try contents(directory + "/file") == "new")
            #expect(try listing(directory) == ["file", "link"])
        }
    }

    @Test func anUnfinishedFileIsTakenUpAgain() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/file"
            do {
                let first = PublishedFile(path, run: "a", replacing: nil)
                try first.prepare()
                try write("begun", to: first.temporaryPath)
            }
            let second = PublishedFile(path, run: "a", replacing: nil)
            try second.reopen(replacing: nil, isOwn: false)
            #expect(try contents(second.temporaryPath) == "begun")
            try second.publish()
            // Once published it is taken up only by its own run.
            let third = PublishedFile(path, run: "b", replacing: nil)
            let missing = #expect(throws: UserError.self) { try third.reopen(replacing: nil, isOwn: false) }
            #expect(missing?.description.contains("the unfinished result of this run is missing") == true)
            let fourth = PublishedFile(path, run: "a", replacing: nil)
            _ = consume third
            try fourth.reopen(replacing: nil, isOwn: true)
            #expect(try contents(fourth.temporaryPath) == "begun" && access(path, F_OK) != 0)
            // Nor when another file has taken the name since.
            try write("another", to: path)
            #expect(throws: UserError.self) { try fourth.reopen(replacing: nil, isOwn: true) }
            try fourth.requireUnchanged(since: fourth.stamp)
        }
    }

    @Test func onlyOwnFilesAreReplaced() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/file"
            let own = OwnFiles.texts(of: "auc", beginningWith: "# auc")
            for (text, isReplaced) in [("", true), ("# auc 1\n", true), ("# au", false), ("something else", false)] {
                try write(text, to: path)
                if isReplaced {
                    try writeTextFile(path, "# auc new\n", replacing: own)
                    #expect(try contents(path) == "# auc new\n")
                } else {
                    let error = #expect(throws: UserError.self) { try writeTextFile(path, "", replacing: own) }
                    #expect(error?.description.contains("was not written by auc; --force replaces it") == true)
                    #expect(try contents(path) == text)
                    try writeTextFile(path, "forced", replacing: nil)
                    #expect(try contents(path) == "forced")
                }
            }
            let reports = OwnFiles.reports(of: "auc")
            for (text, isReplaced) in [
                (#"{"program": "auc"}"#, true), (#"{"program": "pimc"}"#, false), ("[1]", false), ("{", false),
            ] {
                try write(text, to: path)
                let isAccepted = (try? prepareTextFile(path, replacing: reports)) != nil
                #expect(isAccepted == isReplaced, "\(text)")
            }
        }
    }

    @Test func readingText() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/file"
            try Data([0xEF, 0xBB, 0xBF] + Array("a é\r\n".utf8)).write(to: URL(filePath: path))
            #expect(try readTextFile(path) == "a é\r\n")
            #expect(try readBytes(of: path, from: 3, atMost: 1) == Array("a".utf8))
            #expect(try readBytes(of: path, from: -2) == Array("\r\n".utf8))
            #expect(try readBytes(of: path, from: 100) == [])
            #expect(try readBytes(of: path, atMost: 0) == [])
            try Data([0xff]).write(to: URL(filePath: path))
            #expect(throws: refusal("cannot read \(path): it is not a text file", 64)) { try readTextFile(path) }
            #expect(throws: refusal("cannot read \(path): Invalid argument", 64)) {
                try readBytes(of: path, from: -2)
            }
            #expect(throws: refusal("cannot read \(directory): Is a directory", 64)) { try readBytes(of: directory) }
            #expect(throws: refusal("cannot read \(directory)/none: No such file or directory", 64)) {
                try readBytes(of: directory + "/none")
            }
            let large = String(repeating: "0123456789", count: 30_000)
            try writeTextFile(path, large, replacing: nil)
            #expect(try readTextFile(path) == large)
        }
    }

    /// The reason is that of the call that failed, in what is written at once and in what is written at the end.
    @Test(arguments: [1, 1_000_000])
    func aDiskThatIsFull(count: Int) {
        let text = String(repeating: "x", count: count)
        #expect(throws: refusal("cannot write /dev/full: No space left on device", 74)) {
            try writeTextFile("/dev/full", text, replacing: nil)
        }
    }

    @Test func writingToADescriptor() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(writeAll([], to: ends[1]) && writeAll([1, 2], to: ends[1]))
        var bytes: [UInt8] = [0, 0, 0]
        #expect(read(ends[0], &bytes, 3) == 2 && bytes == [1, 2, 0])
        #expect(!writeAll([1], to: ends[0]) && errno == EBADF)
        #expect(cannotWrite(STDOUT_FILENO, EBADF) == refusal("cannot write standard output: Bad file descriptor", 74))
        #expect(cannotWrite(STDERR_FILENO, ENOSPC).description.hasPrefix("cannot write standard error: No space"))
    }

    @Test func filesThatAreTheSame() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/file"
            try write("", to: file)
            symlink("file", directory + "/link")
            symlink("missing", directory + "/dangling")
            link(file, directory + "/second")
            try requireDistinct(inputs: [file, file], outputs: [directory + "/missing", directory + "/other"])
            for other in ["link", "second", "./file"] {
                let error = #expect(throws: UserError.self) {
                    try requireDistinct(inputs: [file], outputs: ["\(directory)/\(other)"])
                }
                #expect(error?.exitStatus == 64 && error?.description.contains("it is an input too, \(file)") == true)
            }
            for other in ["dangling", "./missing"] {
                let error = #expect(throws: UserError.self) {
                    try requireDistinct(inputs: [], outputs: [directory + "/missing", "\(directory)/\(other)"])
                }
                #expect(error?.description.contains("it is another output too, \(directory)/missing") == true)
            }
        }
    }

    @Test func programsAreFoundAsAShellFindsThem() async throws {
        try await withTemporaryDirectory { directory in
            let program = try writeScript("true", to: directory + "/program")
            try write("", to: directory + "/text")
            #expect(pathOfProgram(program) == program)
            #expect(pathOfProgram(directory + "/text") == nil && pathOfProgram(directory) == nil)
            #expect(pathOfProgram("no-such-program") == nil && pathOfProgram("") == nil)
            #expect(pathOfProgram("sh")?.hasSuffix("/sh") == true)
        }
    }
}

private func refusal(_ text: String, _ status: Int32) -> UserError { UserError(text, exitStatus: status) }

private func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

private func contents(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}

private func listing(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
}
