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
