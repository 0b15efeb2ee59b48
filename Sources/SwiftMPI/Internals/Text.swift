/// The text a C function writes into a buffer of at most `capacity` bytes, telling its length; `nil` if it fails.
func text(
    capacity: CInt, _ fill: (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<CInt>) -> CInt
) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(capacity)) { buffer in
        var length: CInt = 0
        guard fill(buffer.baseAddress!, &length) == 0 else { return nil }
        return String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(length)), as: UTF8.self)
    }
}

/// Text on one line, of which everything can be seen: control characters and bytes that are not UTF-8 as `\xNN`, line
/// ends as `\n`, characters without a shape as `\uNNNN`.
package func printable(_ bytes: some Collection<UInt8>) -> String {
    func escaped(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte == 0x0A ? "\\n" : "\\x" + (digits.count == 1 ? "0" : "") + digits
    }
    var text = ""
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        // The shortest prefix that is a character, if there is one.
        let length = (1...min(4, rest.count)).first { String(validating: rest.prefix($0), as: UTF8.self) != nil }
        let character = length.flatMap { String(validating: rest.prefix($0), as: UTF8.self) }
        let category = character?.unicodeScalars.first?.properties.generalCategory
        switch category {
        case nil, .control, .lineSeparator, .paragraphSeparator:
            text += rest.prefix(length ?? 1).map(escaped).joined()
        case .format:
            let digits = String(character!.unicodeScalars.first!.value, radix: 16, uppercase: true)
            text += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        default: text += character!
        }
        rest = rest.dropFirst(length ?? 1)
    }
    return text
}
