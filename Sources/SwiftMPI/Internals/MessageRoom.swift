private import Glibc
internal import Synchronization

/// A receive buffer for a message whose length is not known yet.
///
/// A room is a large range of addresses. The system assigns memory page by page as a message fills it: a 2 GiB room
/// with a message of 100 bytes uses 4 KiB. MPI receives into a room like into any other buffer.
struct MessageRoom: ~Copyable {
    private var mapping: Mapping
    /// The maximum length of a message.
    let capacity: Int
    /// The number of bytes that may be backed by memory. All of them may be, unless a message was received.
    private var filledByteCount = Int.max

    /// The default capacity: the largest for which a receive can be posted without a derived datatype.
    private static let usualCapacity = Int(CInt.max) - 1
    /// The minimum capacity of a room for which no capacity was requested.
    private static let leastCapacity = 1 << 20
    /// The length up to which a message is copied out of its room, so that the room can be reused.
    private static let copiedByteCount = 1 << 20
    /// The maximum number of rooms to keep. Together they use at most as much memory as ``keepLargeAllocations()`` lets
    /// the C library keep.
    private static let keptRooms = 64
    /// The offset of the message. If a byte string of 64 KiB to 4 GiB fills the message, this offset aligns its
    /// contents like a separate allocation.
    private static let offset = ReceivedMemory.alignment - 1 - CBORWriter.size(of: UInt64(largeBlock))

    private static let kept = Mutex<[Mapping]>([])

    /// - Parameter byteCount: The maximum length of a message; `nil` for 2³¹−2 bytes, or fewer if address space is
    ///   limited.
    /// - Throws: ``MPIError`` if the system cannot provide such a range of addresses.
    init(upTo byteCount: Int?) throws(MPIError) {
        if let byteCount, byteCount < 0 {
            throw MPIError(refused: "MPI_Irecv", .count, "room for \(byteCount) bytes")
        }
        let kept = Self.kept.withLock { $0.isEmpty || byteCount ?? 0 > Self.usualCapacity ? nil : $0.removeLast() }
        let mapping = if let kept { kept } else { try Self.mapped(byteCount) }
        self.mapping = mapping
        self.capacity = byteCount ?? mapping.capacity
    }

    /// The address at which a message is received.
    var address: UnsafeMutableRawPointer { mapping.address + Self.offset }

    /// The number of bytes to post a receive for: one more than the maximum length of a message, because Open MPI 4
    /// truncates a short message from a rank to itself without reporting it.
    var postedByteCount: Int { capacity + 1 }

    /// Returns the error of a receive into the room. If the room was too small, the error explains how to get a larger
    /// one.
    func explaining(_ error: MPIError) -> MPIError { error.class == .truncated ? isTooSmall : error }

    private var isTooSmall: MPIError {
        MPIError(
            refused: "MPI_Irecv", .truncated,
            "the object is longer than its room of \(capacity) bytes; irecv(upTo:) makes room for more")
    }

    /// Returns the object in the received message. The object may take ownership of the room.
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
        // Rooms never use all addresses, however many there are, because the program needs addresses, too.
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

/// A range of addresses from the system.
private struct Mapping: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    private(set) var byteCount: Int
    let capacity: Int
    /// Whether a receive without a requested capacity can use the range.
    private(set) var isUsual: Bool

    /// The number of bytes in all existing ranges.
    static let allByteCount = Atomic<Int>(0)

    init?(_ capacity: Int, offset: Int, isUsual: Bool) {
        let (byteCount, isTooMuch) = (offset + AddressSpace.pageSize).addingReportingOverflow(capacity)
        if isTooMuch { return nil }
        // Reserves no memory, because most rooms use very little of it.
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let address = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
            address != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        // Prevents the first byte from using a huge page of 2 MiB.
        madvise(address, byteCount, CInt(MADV_NOHUGEPAGE))
        self.address = address
        self.byteCount = byteCount
        self.capacity = capacity
        self.isUsual = isUsual
        Self.allByteCount.add(byteCount, ordering: .relaxed)
    }

    /// Returns all but the first `count` bytes to the system.
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

/// The addresses that this process may use.
private enum AddressSpace {
    static let pageSize = Int(sysconf(CInt(_SC_PAGESIZE)))
    /// The address space that every 64-bit processor provides, in bytes.
    static let ample = 1 << 47

    /// The limit in bytes, if the system provides less address space than it could.
    static var limit: Int? {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        if limit.rlim_cur < Int.max { return Int(limit.rlim_cur) }  // `ulimit -v`
        return promisedMemory
    }

    /// This process's share of the memory if the system does not overcommit memory (`vm.overcommit_memory=2`), because
    /// reserved addresses then count as memory.
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

    /// Creates the memory of a message that was received into a room.
    convenience init(_ room: consuming MessageRoom, byteCount: Int) {
        let owner = Owner(room)
        self.init(UnsafeMutableRawBufferPointer(start: owner.room.address, count: byteCount), of: owner)
    }
}
