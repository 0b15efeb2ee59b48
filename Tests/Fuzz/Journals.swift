// What libFuzzer calls with each input when `run`, beside this file, fuzzes the journals of `taskfarm`: the records of
// a journal of three tasks, or, behind a byte 0, the whole text.

private let list = try! TaskList(commands: Bytes("true\n#TASKFARM BARRIER\nfalse\necho\t\\ '\n".utf8), source: "list")
private let header = JournalContents.header(of: list)

@c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Bytes(UnsafeBufferPointer(start: start, count: count))
    let text = input.first == 0 ? Bytes(input.dropFirst()) : header + input
    let expected = Reading(text)
    do {
        let contents = try JournalContents(text, of: "journal", for: list)
        guard expected.wrongLine == nil, contents.length == expected.length,
            contents.states.map({ $0?.rawValue }) == expected.states, contents.attempts == expected.attempts
        else { fatalError("\(String(decoding: text, as: UTF8.self)) is \(contents), not \(expected)") }
        goOn(text, contents)
    } catch {
        expectOneLine(error.description)
        let isInRecords = error.description.hasPrefix("journal:\(expected.wrongLine ?? 0): ")
        guard error.exitStatus == 64, let line = expected.wrongLine, isInRecords == (line > 1) else {
            fatalError("\(String(decoding: text, as: UTF8.self)): \(error), not \(expected)")
        }
    }
    return 0
}

/// A farm that goes on adds a record of a command of any bytes to what it found.
private func goOn(_ text: Bytes, _ contents: JournalContents) {
    guard let task = contents.states.firstIndex(where: { $0 != .done }), contents.attempts[task] < Int.max - 1 else {
        return
    }
    let attempt = Attempt(
        task: task, attempt: contents.attempts[task] + 1, ending: .signalled(9), start: 1e9, seconds: 2, cpuSeconds: 1,
        peakMemoryBytes: 0)
    let record = JournalRecord(attempt: attempt, state: .done, rank: 1, host: "host", command: Bytes(text.suffix(20)))
    let whole = contents.length == 0 ? header : Bytes(text[..<contents.length])
    do {
        let again = try JournalContents(whole + record.line, of: "journal", for: list)
        guard again.states[task] == .done, again.attempts[task] == attempt.attempt else { fatalError("\(again)") }
    } catch {
        fatalError("\(error) behind \(String(decoding: whole, as: UTF8.self))")
    }
}

/// A journal as the documentation has it, read a line after the other.
private struct Reading {
    var states: [String?] = [nil, nil, nil]
    var attempts = [0, 0, 0]
    var length = 0
    /// The first line that must be refused; 1 for a text that is no journal of the list.
    var wrongLine: Int?

    init(_ text: Bytes) {
        if text.count < header.count {
            if Bytes(header[..<text.count]) != text { wrongLine = 1 }
            return
        }
        guard Bytes(text[..<header.count]) == header else {
            wrongLine = 1
            return
        }
        var line: Bytes = []
        var number = header.count { $0 == 10 } + 1
        length = header.count
        for (index, byte) in text.enumerated().dropFirst(header.count) {
            if byte != 10 {
                line.append(byte)
                continue
            }
            if !take(line) {
                wrongLine = number
                return
            }
            line = []
            number += 1
            length = index + 1
        }
    }

    private mutating func take(_ line: Bytes) -> Bool {
        var fields: [Bytes] = [[]]
        for byte in line {
            if byte == 9 { fields.append([]) } else { fields[fields.count - 1].append(byte) }
        }
        guard fields.count == 11, let task = number(fields[0]), (1...3).contains(task),
            let attempt = number(fields[3]), attempt >= 1, attempt < Int.max,
            let state = ["done", "failed", "retry", "stopped"].first(where: { fields[1] == Bytes($0.utf8) }),
            states[task - 1] != "done"
        else { return false }
        states[task - 1] = state == "retry" || state == "stopped" ? nil : state
        if state != "stopped" { attempts[task - 1] = attempt }
        return true
    }

    private func number(_ text: Bytes) -> Int? {
        let digits = text.first == 43 || text.first == 45 ? text.dropFirst() : text[...]
        if digits.isEmpty { return nil }
        var value = 0
        for digit in digits {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(digit) - 48)
            guard (48...57).contains(digit), !overflow, !carry else { return nil }
            value = sum
        }
        return text.first == 45 ? -value : value
    }
}
