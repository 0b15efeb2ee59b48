internal import SwiftMPI

/// A name or path inside a file, byte by byte: HDF5 does not ask that names are UTF-8.
package struct HDF5Name: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Without a zero in it or after it.
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

    /// The name as C has it.
    func withCString<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        (bytes + [0]).withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }

    /// In order of bytes, which is that of code points where the names are UTF-8.
    package static func < (a: HDF5Name, b: HDF5Name) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    /// The name on one line.
    package var description: String { printable(bytes) }
}
