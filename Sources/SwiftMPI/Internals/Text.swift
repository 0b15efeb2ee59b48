/// Returns the text that a C function writes into a buffer of `capacity` bytes with its length; `nil` if the function
/// fails.
func text(
    capacity: CInt, _ fill: (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<CInt>) -> CInt
) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(capacity)) { buffer in
        var length: CInt = 0
        guard fill(buffer.baseAddress!, &length) == 0 else { return nil }
        return String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(length)), as: UTF8.self)
    }
}

/// Returns text as one line in which every character is visible. Control characters and bytes that are not UTF-8 become
/// `\xNN`, line ends `\n`, and invisible format characters `\uNNNN`.
package func printable(_ bytes: some Collection<UInt8>) -> String {
    func escaped(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte == 0x0A ? "\\n" : "\\x" + (digits.count == 1 ? "0" : "") + digits
    }
    var text = ""
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        // The shortest prefix that is a valid character, if there is one.
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
