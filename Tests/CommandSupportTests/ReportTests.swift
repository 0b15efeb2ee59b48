import CommandSupport
import FoundationEssentials
import Glibc
import SwiftMPI
import SystemSupport
import TestSupport
import Testing

/// What a program says of itself: exit statuses, options, report and progress.
@Suite struct ReportTests {
    private struct Plain: Error, CustomStringConvertible { var description: String { "something broke" } }
    private struct WithStatus: ExitStatusProviding { var exitStatus: Int32 { 42 } }

    @Test func errorsHaveAStatus() throws {
        #expect(try withStatus(74) { 5 } == 5)
        #expect(throws: UserError("something broke", exitStatus: 74)) { try withStatus(74) { throw Plain() } }
        // An error that has a status keeps it.
        let own = #expect(throws: WithStatus.self) { try withStatus(74) { throw WithStatus() } }
        #expect(own?.exitStatus == 42)
        let user = UserError("no", exitStatus: 73)
        #expect(throws: user) { try withStatus(74) { throw user } }
    }

    /// The numbers of sysexits.h, on which scripts rely.
    @Test func statuses() {
        #expect(
            [
                ExitStatus.notReached, ExitStatus.usage, ExitStatus.data, ExitStatus.unavailable,
                ExitStatus.systemError, ExitStatus.cannotCreate, ExitStatus.ioError, ExitStatus.stopped,
            ] == [1, 64, 65, 69, 71, 73, 74, 75])
    }

    @Test func valuesOfOptions() throws {
        #expect(try wholeNumber("0") == 0 && wholeNumber("\(UInt64.max)") == .max)
        for text in ["-1", "1.0", "", "1e3", "18446744073709551616", "x"] {
            let error = #expect(throws: (any Error).self) { try wholeNumber(text) }
            #expect(error.map { "\($0)" }?.contains("it must be a whole number from 0 to") == true, "\(text)")
        }
        try refuse(["--a": false, "--b": false], which: "is left out")
        let error = #expect(throws: (any Error).self) {
            try refuse(["--a": false, "--b": true, "--c": true], which: "is left out")
        }
        #expect(error.map { "\($0)" }?.contains("--b is left out") == true)
    }

    /// Where nobody watches the line says nothing, and takes no note.
    @Test func noProgressWhereNobodyWatches() {
        var line = ProgressLine(total: 10, unit: "updates", workPerStep: 1, isWanted: false)
        line.update(5, note: { () -> String in fatalError("nobody asked") }())
        line.finish()
    }

    /// The line on a terminal of some columns, which it never fills.
    @Test(arguments: [
        ("xterm", 100, "\r\u{1B}[K", "step 5 of 10, 50 %, ", "left, so far"),
        ("xterm", 10, "\r\u{1B}[K", "step 5 of", "step 5 of"),
        ("dumb", 100, "\r\r", "step 5 of 10, 50 %, ", "left, so far"),
    ])
    func progressOnATerminal(_ terminal: (kind: String, columns: UInt16, erasing: String, start: String, end: String))
        throws
    {
        let said = try sayingOnATerminal(of: terminal.kind, columns: terminal.columns) {
            var line = ProgressLine(total: 10, unit: "updates", workPerStep: 1e6, isWanted: true)
            line.update(5, note: "so far")
        }
        #expect(
            said.hasPrefix(terminal.erasing + terminal.start) && said.hasSuffix(terminal.end),
            "\(said.debugDescription)")
        #expect(said.dropFirst(terminal.erasing.unicodeScalars.count).count < terminal.columns)
    }

    @Test func nothingIsLeftOfTheLine() throws {
        let said = try sayingOnATerminal(of: "dumb", columns: 80) {
            var line = ProgressLine(total: 0, unit: "updates", workPerStep: 1, isWanted: true)
            line.update(0)
            line.finish()
        }
        let text = said.split(separator: "\r")
        #expect(
            text.count == 2 && text[0].hasPrefix("step 0 of 0, 100 %, 0.00 updates/s, "), "\(said.debugDescription)")
        #expect(text.last == String(repeating: " ", count: text[0].count)[...] && said.hasSuffix("\r"))
    }

    /// Runs `body` with a terminal for standard error.
    ///
    /// - Returns: What was written to it.
    private func sayingOnATerminal(of kind: String, columns: UInt16, _ body: () -> Void) throws -> String {
        var size = winsize()
        size.ws_col = columns
        var (master, slave): (Int32, Int32) = (-1, -1)
        try #require(openpty(&master, &slave, nil, nil, &size) == 0)
        defer { close(master) }
        let (before, kindBefore) = (dup(STDERR_FILENO), getenv("TERM").map { String(cString: $0) })
        dup2(slave, STDERR_FILENO)
        close(slave)
        setenv("TERM", kind, 1)
        body()
        dup2(before, STDERR_FILENO)
        close(before)
        if let kindBefore { setenv("TERM", kindBefore, 1) } else { unsetenv("TERM") }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(master, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }
}
