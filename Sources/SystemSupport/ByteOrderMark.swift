extension Collection<UInt8> {
    /// The bytes without the byte order mark that some editors write at the start of a file.
    public var withoutByteOrderMark: SubSequence { starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...] }
}
