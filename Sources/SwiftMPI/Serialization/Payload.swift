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
    private let room: MessageRoom?
    /// Begins where the contents of a byte string that fills the message are aligned as memory of their own would be.
    let bytes: UnsafeMutableRawBufferPointer

    static let alignment = 16

    init(byteCount: Int) {
        let padding = Self.alignment - 1 - CBORWriter.size(of: UInt64(byteCount))
        let allocation = UnsafeMutableRawBufferPointer.allocate(
            byteCount: padding + byteCount, alignment: Self.alignment)
        self.allocation = allocation
        room = nil
        bytes = UnsafeMutableRawBufferPointer(rebasing: allocation[padding...])
    }

    /// The message that was received into a room.
    init(_ room: consuming MessageRoom, byteCount: Int) {
        allocation = nil
        bytes = UnsafeMutableRawBufferPointer(start: room.address, count: byteCount)
        self.room = consume room
    }

    deinit { allocation?.deallocate() }
}
