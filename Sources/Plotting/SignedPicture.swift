private import Glibc
package import SystemSupport

extension PublishedFile {
    /// Records in a finished PNG file which program has drawn it, and publishes the file.
    ///
    /// - Throws: ``UserError`` of status 74 if the file cannot be written or gnuplot has not completed the picture.
    package func publishPicture(of program: String) throws(UserError) {
        func failed(_ reason: String) -> UserError {
            UserError("cannot write \(path): \(reason)", exitStatus: ExitStatus.ioError)
        }
        guard let file = fopen(temporaryPath, "r+") else { throw failed(systemError()) }
        var end = [UInt8](repeating: 0, count: endOfPNG.count)
        let isComplete =
            fseek(file, -end.count, SEEK_END) == 0 && fread(&end, 1, end.count, file) == end.count && end == endOfPNG
        let signature = signature(of: program)
        let isWritten =
            isComplete && fseek(file, -end.count, SEEK_END) == 0
            && fwrite(signature, 1, signature.count, file) == signature.count
        let reason = systemError()
        guard fclose(file) == 0, isWritten else { throw failed(isComplete ? reason : "gnuplot has not finished it") }
        try publish()
    }
}

extension OwnFiles {
    /// PNG files that name the program, as made by ``PublishedFile/publishPicture(of:)``.
    package static func pictures(of program: String) -> OwnFiles {
        OwnFiles(of: program) { path in
            let signature = signature(of: program)
            return (try? readBytes(of: path, from: -signature.count)) == signature
        }
    }
}

/// The last chunk of every PNG file.
private let endOfPNG: [UInt8] = chunk("IEND", [])

/// Returns the end of a PNG file that names a program: a text chunk with the keyword `Software`, and the last chunk.
///
/// Portable Network Graphics (3rd edition), 11.3.3.2.
private func signature(of program: String) -> [UInt8] {
    chunk("tEXt", Array("Software\0\(program)".utf8)) + endOfPNG
}

/// Returns a chunk of a PNG file: its length, type and data, and the CRC-32 of the type and the data.
private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(type.utf8) + data
    let checksum = ~content.reduce(UInt32.max) { remainder, byte in
        (0..<8).reduce(remainder ^ UInt32(byte)) { bits, _ in bits >> 1 ^ (bits & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    return bigEndian(UInt32(data.count)) + content + bigEndian(checksum)
}
