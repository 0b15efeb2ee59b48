// What libFuzzer calls with each input when `run`, beside this file, fuzzes the task lists of `taskfarm`.

@c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: start, count: count))
    let expected = Reading(text)
    let list: TaskList
    do {
        list = try TaskList(commands: text, source: "list")
    } catch {
        let place = expected.wrongLine.map { "list:\($0): " } ?? "list has no tasks"
        guard error.exitStatus == 64, expected.wrongLine != nil || expected.tasks.isEmpty,
            error.description.hasPrefix(place)
        else {
            fatalError("\(text) is refused: \(error)")
        }
        expectOneLine(error.description)
        return 0
    }
    guard expected.wrongLine == nil, !list.tasks.isEmpty, list.barriers == expected.barriers,
        list.tasks.elementsEqual(expected.tasks, by: { $0.command == $1.command && $0.line == $1.line })
    else { fatalError("\(text) is \(list), not \(expected)") }
    guard list.digests.count == list.tasks.count else { fatalError("\(text): \(list.digests)") }
    return 0
}

/// A list as the documentation has it, read a byte at a time.
private struct Reading {
    var tasks: [(command: [UInt8], line: Int)] = []
    /// In order, each once.
    var barriers: [Int] = []
    /// The first line that must be refused.
    var wrongLine: Int?

    init(_ text: [UInt8]) {
        var line: [UInt8] = []
        var number = 1
        for byte in text[(text.prefix(3) == [0xef, 0xbb, 0xbf] ? 3 : 0)...] {
            if byte != 10 {
                line.append(byte)
                continue
            }
            if line.last == 13 { line.removeLast() }
            take(line, number)
            line = []
            number += 1
        }
        take(line, number)
    }

    private mutating func take(_ line: [UInt8], _ number: Int) {
        guard wrongLine == nil, let first = line.firstIndex(where: { $0 != 32 && $0 != 9 }) else { return }
        let command = Array(line[first...])
        if command[0] != 35 {
            if command.contains(0) { wrongLine = number } else { tasks.append((command, number)) }
            return
        }
        let directive = Array("#TASKFARM".utf8)
        guard command.prefix(directive.count).elementsEqual(directive) else { return }
        let rest = command.dropFirst(directive.count)
        let word = rest.filter { $0 != 32 && $0 != 9 }
        // One word, which blanks separate from what is before it.
        guard word == Array("BARRIER".utf8), rest.first != word[0],
            rest.firstIndex(of: word[0]).map({ Array(rest[$0...].prefix(word.count)) }) == word
        else {
            wrongLine = number
            return
        }
        if tasks.count > 0, barriers.last != tasks.count { barriers.append(tasks.count) }
    }
}
