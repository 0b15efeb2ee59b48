internal import SwiftMPI

/// A name or path inside a file, as bytes, because HDF5 does not require names to be UTF-8.
package struct HDF5Name: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes of the name. They contain no zero and are not null-terminated.
    package let bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    package init(_ text: String) { bytes = Array(text.utf8) }

    init(_ name: UnsafePointer<CChar>?) {
        var bytes: [UInt8] = []
        if var place = name {
            while place.pointee != 0 {
                bytes.append(UInt8(bitPattern: place.pointee))
                place += 1
            }
        }
        self.bytes = bytes
    }

    /// Calls `body` with the name as a null-terminated C string.
    func withCString<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        (bytes + [0]).withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }

    /// Compares names byte by byte, which sorts UTF-8 names by code point.
    package static func < (a: HDF5Name, b: HDF5Name) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    /// The name as printable text on one line.
    package var description: String { printable(bytes) }
}
