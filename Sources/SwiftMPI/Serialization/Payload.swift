// The bytes of one message. What is a large block of memory already goes from there to there: it is neither copied into
// a message nor out of it.

/// From how many bytes on a block is worth the datatype that describes it, and memory of its own.
let largeBlock = 1 << 16

/// The serialized bytes of an object on their way out, valid during a call.
struct Payload {
    var head: UnsafeRawBufferPointer
    /// What comes after them: the memory of a large value, as it stands.
    var block = UnsafeRawBufferPointer.empty

    var count: Int { head.count + block.count }
}

/// The memory of a message that was received, which an object made of it may keep.
final class ReceivedMemory {
    private let allocation: UnsafeMutableRawBufferPointer?
    /// Whose the memory is, if not its own.
    private let owner: AnyObject?
    /// Begins where the contents of a byte string that fills the message are aligned as memory of their own would be.
    let bytes: UnsafeMutableRawBufferPointer

    static let alignment = 16

    init(byteCount: Int) {
        let padding = Self.alignment - 1 - CBORWriter.size(of: UInt64(byteCount))
        let allocation = UnsafeMutableRawBufferPointer.allocate(
            byteCount: padding + byteCount, alignment: Self.alignment)
        self.allocation = allocation
        owner = nil
        bytes = UnsafeMutableRawBufferPointer(rebasing: allocation[padding...])
    }

    /// A message in memory that is there as long as its owner.
    init(_ bytes: UnsafeMutableRawBufferPointer, of owner: AnyObject) {
        allocation = nil
        self.bytes = bytes
        self.owner = owner
    }

    deinit { allocation?.deallocate() }
}
