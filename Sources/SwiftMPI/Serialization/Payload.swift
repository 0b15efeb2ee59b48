// The bytes of one message. A large block of memory is sent and received in place: it is copied neither into a message
// nor out of it.

/// The size in bytes from which a block is worth a datatype and a separate allocation.
let largeBlock = 1 << 16

/// The serialized bytes of an object to send, valid during a call.
struct Payload {
    var head: UnsafeRawBufferPointer
    /// The bytes after the head: the memory of a large value, in place.
    var block = UnsafeRawBufferPointer.empty

    var count: Int { head.count + block.count }
}

/// The memory of a received message, which the decoded object may keep.
final class ReceivedMemory {
    private let allocation: UnsafeMutableRawBufferPointer?
    /// The owner of the memory, if another object owns it.
    private let owner: AnyObject?
    /// The bytes of the message. If a byte string fills the message, its contents are aligned like a separate
    /// allocation.
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

    /// Creates a message in memory that exists as long as its owner.
    init(_ bytes: UnsafeMutableRawBufferPointer, of owner: AnyObject) {
        allocation = nil
        self.bytes = bytes
        self.owner = owner
    }

    deinit { allocation?.deallocate() }
}
