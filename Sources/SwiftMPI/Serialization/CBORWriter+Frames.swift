// How values that encode themselves through Codable's containers are written into one contiguous buffer.
//
// Calls of `encode(to:)` are nested like the values. The current container is therefore nearly always the innermost
// one, and everything is appended to the buffer. The exceptions are `nestedContainer` and `superEncoder`: the caller
// may write to the outer container before, between and after writes to the containers that these return. Each of those
// gets its own writer. The outer writer records a hole and inserts the bytes there when the outer value is complete.

extension CBORWriter {
    /// A value whose `encode(to:)` is running, or a container with its own writer.
    struct Frame {
        enum Kind { case nothing, single, array, map }

        /// Unique within the writer, to detect a container that is used after its value is complete.
        let id: Int
        /// The start of the value's bytes.
        let start: Int
        /// The number of holes before the value.
        let firstHole: Int
        var kind = Kind.nothing
        var count = 0
        /// Whether keys of several types may have been written.
        var isShared = false
    }

    struct Hole {
        let offset: Int
        let contents: CBORWriter
    }

    /// Runs `body`, which writes one value through a ``CBOREncoder``.
    @inline(__always)
    func withFrame(_ body: (_ id: Int) throws -> Void) throws {
        guard depth < maximumDepth else { throw tooDeep }
        let (outer, outerDepth, outerNesting) = (frame, depth, nesting)
        lastFrameID += 1
        let id = lastFrameID
        frame = Frame(id: id, start: bytes.count, firstHole: holes.count)
        (depth, nesting) = (depth + 1, 0)
        defer { (frame, depth, nesting) = (outer, outerDepth, outerNesting) }
        if DeepRecursion.needsStack(at: depth) {
            try DeepRecursion.withNewStack { try body(id) }
        } else {
            try body(id)
        }
        try closeFrame()
    }

    /// Runs `body`, which writes one entry of the current container. If `body` throws, removes the bytes it wrote: the
    /// caller may catch the error and continue.
    @inline(__always)
    func entry(_ body: () throws -> Void) throws {
        let end = bytes.count
        let holeCount = holes.count
        do {
            try body()
            frame.count += 1
        } catch {
            bytes.removeLast(bytes.count - end)
            holes.removeLast(holes.count - holeCount)
            throw error
        }
    }

    /// Makes the frame's value an array or a map, unless it already is one: a superclass that gets the same encoder
    /// adds to the same container.
    func open(_ kind: Frame.Kind) {
        guard frame.kind == .nothing else {
            frame.isShared = true
            return
        }
        frame.kind = kind
        bytes.append(kind == .map ? MajorType.map.rawValue : MajorType.array.rawValue)
    }

    /// Returns a writer for bytes to insert at the current end of the buffer.
    func appendHole() -> CBORWriter {
        let contents = CBORWriter(
            typedArrays: typedArrays, maximumDepth: maximumDepth, depth: depth, nesting: nesting + 1)
        holes.append(Hole(offset: bytes.count, contents: contents))
        frame.count += 1
        return contents
    }

    /// Completes the frame's value.
    func closeFrame() throws {
        if isTooDeep { throw tooDeep }
        while holes.count > frame.firstHole {  // from the back, so that offsets stay right
            let hole = holes.removeLast()
            try hole.contents.closeFrame()
            bytes.insert(contentsOf: hole.contents.bytes, at: hole.offset)
        }
        switch frame.kind {
        case .single: break
        case .nothing: bytes.append(MajorType.map.rawValue)  // a value without properties is an empty map
        case .array: setCount(.array)
        case .map:
            setCount(.map)
            if frame.isShared { try checkIntegerKeys() }
        }
    }

    private func setCount(_ major: MajorType) {
        if frame.count < 24 {
            bytes[frame.start] = major.rawValue | UInt8(frame.count)
        } else {
            let header = CBORWriter(typedArrays: typedArrays)
            header.append(major, UInt64(frame.count))
            bytes.replaceSubrange(frame.start...frame.start, with: header.bytes)
        }
    }

    /// Throws if the map at the end of the buffer has the same integer for keys of two types, those of a class and of
    /// its superclass.
    private func checkIntegerKeys() throws {
        let message = CBORMessage(owning: Array(bytes[frame.start...]))
        var reader = CBORReader(message, at: 0)
        guard case .map(var remaining) = try reader.next().item else { return }
        var integers = Set<Int>()
        while reader.hasEntry(&remaining) {
            var key = reader
            if let integer = try? Int.read(from: &key, path: { nil }), !integers.insert(integer).inserted {
                throw EncodingError.invalidValue(
                    integer,
                    .init(
                        codingPath: [],
                        debugDescription: "Two coding keys of one container have the integer value \(integer)."))
            }
            try reader.skip()
            try reader.skip()
        }
    }
}
