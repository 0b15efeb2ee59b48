// What libFuzzer calls with each input when `run`, beside this file, fuzzes the parameter files of `diff2d`.

import Diffusion
import Glibc

@c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let text = String(validating: bytes, as: UTF8.self) else {
        report("refused")
        return 0
    }
    let expected = Reading(bytes)
    var parameters = RunParameters()
    do {
        try parameters.apply(file: text)
    } catch {
        guard let line = expected.wrongLine, error.description.hasPrefix("line \(line): ") else {
            fatalError("'\(text)': \(error), not \(expected)")
        }
        report("refused")
        return 0
    }
    guard expected.wrongLine == nil, parameters == expected.parameters else {
        fatalError("'\(text)' is \(parameters), not \(expected)")
    }
    let problem = parameters.problem
    let numbers = [
        problem.diffusion, problem.x1, problem.x2, problem.runtime, problem.requestedSpacing, problem.outtime,
    ]
    report(numbers.map { "\($0) " }.joined() + (parameters.graphics ? "True" : "False"))
    return 0
}

/// A file as the documentation has it, read a byte at a time.
private struct Reading {
    var parameters = RunParameters()
    /// The first line that must be refused.
    var wrongLine: Int?

    init(_ text: [UInt8]) {
        var line: [UInt8] = []
        var number = 1
        for byte in text where wrongLine == nil {
            if byte != 10 {
                line.append(byte)
                continue
            }
            if line.last == 13 { line.removeLast() }
            if !take(line) { wrongLine = number }
            line = []
            number += 1
        }
        if wrongLine == nil, !take(line) { wrongLine = number }
    }

    private mutating func take(_ line: [UInt8]) -> Bool {
        if line.contains(13) || line.contains(0) { return false }
        var code = Array(line.prefix { $0 != 35 })
        while let last = code.last, last == 32 || last == 9 { code.removeLast() }
        guard let first = code.first else { return true }
        if first == 32 || first == 9 { return false }
        if code.last == 59 { code.removeLast() }
        guard let equals = code.firstIndex(of: 61) else { return false }
        let isBlank = { (byte: UInt8) in byte == 32 || byte == 9 }
        let name = String(decoding: code[..<equals], as: UTF8.self).filter { $0 != " " && $0 != "\t" }
        var value = Array(code[(equals + 1)...].drop(while: isBlank))
        while let last = value.last, isBlank(last) { value.removeLast() }
        // Blanks within a name part it.
        guard code.starts(with: name.utf8), code[name.utf8.count..<equals].allSatisfy(isBlank) else { return false }
        let text = String(decoding: value, as: UTF8.self)
        if name == "graphics" {
            parameters.graphics = value == Array("True".utf8)
            return parameters.graphics || value == Array("False".utf8)
        }
        guard isNumber(value) else { return false }
        let number = strtod(text, nil)
        switch name {
        case "D": parameters.problem.diffusion = number
        case "x1": parameters.problem.x1 = number
        case "x2": parameters.problem.x2 = number
        case "runtime": parameters.problem.runtime = number
        case "dx": parameters.problem.requestedSpacing = number
        case "outtime": parameters.problem.outtime = number
        default: return false
        }
        return number.isFinite
    }

    /// Whether Python takes a text for a number in decimal digits.
    private func isNumber(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func digits() -> Int {
            let count = rest.prefix { (48...57).contains($0) }.count
            rest.removeFirst(count)
            return count
        }
        if rest.first == 43 || rest.first == 45 { rest.removeFirst() }
        let integer = rest
        var count = digits()
        if rest.isEmpty { return count > 0 && (integer.first != 48 || integer.allSatisfy { $0 == 48 }) }
        if rest.first == 46 {
            rest.removeFirst()
            count += digits()
        }
        if count == 0 { return false }
        if rest.isEmpty { return true }
        guard rest.removeFirst() | 32 == 101 else { return false }
        if rest.first == 43 || rest.first == 45 { rest.removeFirst() }
        return digits() > 0 && rest.isEmpty
    }
}
