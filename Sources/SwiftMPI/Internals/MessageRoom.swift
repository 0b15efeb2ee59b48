private import Glibc
internal import Synchronization

/// Room for a message whose length is not known yet.
///
/// A room is a large range of addresses. The system gives it memory page by page as a message fills it, so that a room
/// of 2 GiB with a message of 100 bytes takes 4 KiB. MPI receives into it as into any other buffer.
struct MessageRoom: ~Copyable {
    private var mapping: Mapping
    /// The longest message.
    let capacity: Int
    /// How much of the room is memory; all of it may be unless a message was received.
    private var filledByteCount = Int.max

    /// The usual capacity: as much as a receive can be posted for without a datatype of its own.
    private static let usualCapacity = Int(CInt.max) - 1
    /// The least capacity of a room that is not asked to have a certain one.
    private static let leastCapacity = 1 << 20
    /// Up to this length a message is copied out, and the room kept for the next one.
    private static let copiedByteCount = 1 << 20
    /// The rooms that are kept have as much memory at most as ``keepLargeAllocations()`` lets the C library keep.
    private static let keptRooms = 64
    /// Where the message begins, so that the contents of a byte string of 64 KiB to 4 GiB that fills the message are
    /// aligned as memory of their own would be.
    private static let offset = ReceivedMemory.alignment - 1 - CBORWriter.size(of: UInt64(largeBlock))

    private static let kept = Mutex<[Mapping]>([])

    /// - Parameter byteCount: The longest message; `nil` for 2³¹−2 bytes, or fewer where addresses are limited.
    /// - Throws: ``MPIError`` where the system has no such range of addresses.
    init(upTo byteCount: Int?) throws(MPIError) {
        if let byteCount, byteCount < 0 {
            throw MPIError(refused: "MPI_Irecv", .count, "room for \(byteCount) bytes")
        }
        let kept = Self.kept.withLock { $0.isEmpty || byteCount ?? 0 > Self.usualCapacity ? nil : $0.removeLast() }
        let mapping = if let kept { kept } else { try Self.mapped(byteCount) }
        self.mapping = mapping
        self.capacity = byteCount ?? mapping.capacity
    }

    /// Where a message is received.
    var address: UnsafeMutableRawPointer { mapping.address + Self.offset }

    /// The bytes to post a receive for: one more than a message may have, as Open MPI 4 cuts off a short message to
    /// oneself and does not say so.
    var postedByteCount: Int { capacity + 1 }

    /// The error of a receive into the room; if that was too small, one that says how to get a larger one.
    func explaining(_ error: MPIError) -> MPIError { error.class == .truncated ? isTooSmall : error }

    private var isTooSmall: MPIError {
        MPIError(
            refused: "MPI_Irecv", .truncated,
            "the object is longer than its room of \(capacity) bytes; irecv(upTo:) makes room for more")
    }

    /// The object in the message that was received, to which the room may belong from now on.
    consuming func object<T: Decodable>(_ type: T.Type, byteCount: Int, of communicator: Communicator) throws -> T {
        if byteCount > capacity { throw isTooSmall }
        filledByteCount = byteCount
        if byteCount > Self.copiedByteCount {
            mapping.trim(to: Self.offset + byteCount)
            return try communicator.object(type, in: ReceivedMemory(self, byteCount: byteCount))
        }
        return try communicator.object(type, from: UnsafeRawBufferPointer(start: address, count: byteCount))
    }

    deinit {
        let mapping = mapping
        let isKept =
            mapping.isUsual && filledByteCount <= Self.copiedByteCount
            && Self.kept.withLock { kept in
                if kept.count == Self.keptRooms { return false }
                kept.append(mapping)
                return true
            }
        if !isKept { mapping.unmap() }
    }

    private static func mapped(_ byteCount: Int?) throws(MPIError) -> Mapping {
        // Never all of them, however many rooms there are: the program needs addresses, too.
        let limit = AddressSpace.limit
        let left = (limit ?? AddressSpace.ample) / 4 - Mapping.allByteCount.load(ordering: .relaxed)
        var capacity = min(usualCapacity, max(leastCapacity, left / 8))
        let isUsual = limit == nil && capacity == usualCapacity && byteCount ?? 0 <= capacity
        if let byteCount, !isUsual { capacity = byteCount }
        while true {
            if let mapping = Mapping(capacity, offset: offset, isUsual: isUsual && capacity == usualCapacity) {
                return mapping
            }
            if capacity / 2 < byteCount ?? leastCapacity { break }
            capacity /= 2
        }
        throw MPIError(
            refused: "MPI_Irecv", .other,
            "the system has no addresses left for a message of up to \(capacity) bytes")
    }
}

/// A range of addresses that the system has given.
private struct Mapping: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    private(set) var byteCount: Int
    let capacity: Int
    /// Whether any receive that is not asked for more can use it.
    private(set) var isUsual: Bool

    /// The bytes of all ranges there are.
    static let allByteCount = Atomic<Int>(0)

    init?(_ capacity: Int, offset: Int, isUsual: Bool) {
        let (byteCount, isTooMuch) = (offset + AddressSpace.pageSize).addingReportingOverflow(capacity)
        if isTooMuch { return nil }
        // No memory is set aside: of most rooms next to nothing is used.
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let address = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
            address != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        // A first byte must not take 2 MiB.
        madvise(address, byteCount, CInt(MADV_NOHUGEPAGE))
        self.address = address
        self.byteCount = byteCount
        self.capacity = capacity
        self.isUsual = isUsual
        Self.allByteCount.add(byteCount, ordering: .relaxed)
    }

    /// Gives back all but the first bytes.
    mutating func trim(to count: Int) {
        let pages = (count + AddressSpace.pageSize - 1) / AddressSpace.pageSize * AddressSpace.pageSize
        if pages >= byteCount { return }
        munmap(address + pages, byteCount - pages)
        Self.allByteCount.subtract(byteCount - pages, ordering: .relaxed)
        (byteCount, isUsual) = (pages, false)
    }

    func unmap() {
        munmap(address, byteCount)
        Self.allByteCount.subtract(byteCount, ordering: .relaxed)
    }
}

/// The addresses this process may use.
private enum AddressSpace {
    static let pageSize = Int(sysconf(CInt(_SC_PAGESIZE)))
    /// What a 64-bit processor has at least, in bytes.
    static let ample = 1 << 47

    /// How many bytes they are where the system gives fewer than it could.
    static var limit: Int? {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        if limit.rlim_cur < Int.max { return Int(limit.rlim_cur) }  // `ulimit -v`
        return promisedMemory
    }

    /// This process's share of the memory where the system promises no more than it has (`vm.overcommit_memory=2`), as
    /// addresses count like memory there.
    private static let promisedMemory: Int? = {
        guard let file = fopen("/proc/sys/vm/overcommit_memory", "r") else { return nil }
        defer { fclose(file) }
        if getc(file) != CInt(UInt8(ascii: "2")) { return nil }
        return sysconf(CInt(_SC_PHYS_PAGES)) / sysconf(CInt(_SC_NPROCESSORS_ONLN)) * pageSize
    }()
}

extension ReceivedMemory {
    private final class Owner {
        let room: MessageRoom
        init(_ room: consuming MessageRoom) { self.room = room }
    }

    /// The message that was received into a room.
    convenience init(_ room: consuming MessageRoom, byteCount: Int) {
        let owner = Owner(room)
        self.init(UnsafeMutableRawBufferPointer(start: owner.room.address, count: byteCount), of: owner)
    }
}
