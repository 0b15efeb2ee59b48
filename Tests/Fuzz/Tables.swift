// What libFuzzer calls with each input when `run`, beside this file, fuzzes the text tables of `auc`: a line after the
// other.

@c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    for line in UnsafeBufferPointer(start: start, count: count).split(separator: 10) { check(Array(line)) }
    return 0
}

/// What is split off are parts of the line, and numbers are what Swift's own parser takes them for.
private func check(_ line: [UInt8]) {
    // As little room as there can be.
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: line.count + 1)
    defer { memory.deallocate() }
    _ = memory.initialize(from: line + [0])
    var fields = TextFields(UnsafeBufferPointer(memory), 0..<line.count)
    let isEmpty = fields.isEmpty
    var end = 0
    var count = 0
    while let field = fields.next() {
        guard field.lowerBound >= end, field.upperBound <= fields.endOfContent, fields.endOfContent <= line.count else {
            fatalError("\(line): \(field) after \(end)")
        }
        end = field.upperBound
        count += 1
        guard (1...line.count + 1).contains(fields.column(field.lowerBound)) else { fatalError("\(line): \(field)") }
        _ = (fields.isName(field), fields.isMissing(field))
        guard let number = fields.number(field) else { continue }
        let text = String(decoding: line[field], as: UTF8.self).lowercased()
        let own = Double(text.contains("n") ? text : text.replacing("d", with: "e")) ?? .zero
        guard own == number || (own.isNaN && number.isNaN) else { fatalError("\(text) is \(number), not \(own)") }
        if fields.isName(field) { fatalError("\(text) is a number and a name") }
    }
    guard isEmpty == (count == 0) else { fatalError("\(line): \(count) fields") }
    _ = (fields.strayReturn, fields.openQuote, fields.separator)
}
