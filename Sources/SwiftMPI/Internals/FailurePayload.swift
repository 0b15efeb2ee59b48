// A failure is sent in place of an object: no rank waits forever for a rank that could not create its object, and calls
// that do not fail need no extra message. The payload is CBOR with any serializer and is recognized by its first bytes:
// SwiftMPI's own tag and an array of three elements, the first of which says that it is a failure. A Python peer gets a
// `CBORTag`.

extension PeerFailure {
    /// Creates the failure that other ranks see for an error of this rank. An error that came from a third rank is
    /// unchanged.
    init(_ error: any Error, on rank: Int) {
        let text = userText(of: error)
        self.init(
            message: error is JobFailure || error is PeerFailure ? text : "rank \(rank): \(text)",
            exitStatus: SwiftMPI.exitStatus(of: error))
    }

    private static let prefix: [UInt8] = {
        let writer = CBORWriter(typedArrays: false)
        writer.append(.tag, ownTag)
        writer.append(.array, 3)
        writer.append("SwiftMPI failure")
        return writer.bytes
    }()

    var payload: [UInt8] {
        let writer = CBORWriter(typedArrays: false)
        writer.append(message)
        writer.append(exitStatus.cborItem)
        return Self.prefix + writer.bytes
    }

    /// Reads the failure that was received in place of an object; nil if an object was received.
    init?(payload: UnsafeRawBufferPointer) {
        guard payload.first == Self.prefix[0], payload.starts(with: Self.prefix) else { return nil }
        let message = CBORMessage(payload)
        defer { message.end() }
        var reader = CBORReader(message, at: Self.prefix.count)
        guard let text = try? String.read(from: &reader, path: { nil }),
            let status = try? Int32.read(from: &reader, path: { nil })
        else { return nil }
        self.init(message: text, exitStatus: status)
    }
}

/// The data that a rank contributes to a collective call.
struct Contribution<Payloads> {
    /// The rank's objects, or failures in their places if there are none.
    let payloads: Payloads
    let lengths: PayloadLengths
    /// The error that prevented the encoding. It is thrown after the other ranks have received the failures.
    let error: (any Error)?
}

extension Communicator {
    /// Returns the contribution of one object.
    func contribution(_ function: StaticString, _ encode: () throws -> [UInt8]) -> Contribution<[UInt8]> {
        contribution(function, encode, lengths: { [$0.count] }, failure: { $0 })
    }

    /// Returns the contribution of one object for each rank.
    func contributions(_ function: StaticString, _ encode: () throws -> [[UInt8]]) -> Contribution<PackedPayloads> {
        contribution(
            function, { try PackedPayloads(encode(), function) }, lengths: \.lengths,
            failure: { try! PackedPayloads(Array(repeating: $0, count: size), function) })
    }

    private func contribution<Payloads>(
        _ function: StaticString, _ encode: () throws -> Payloads, lengths: (Payloads) -> [Int],
        failure: ([UInt8]) -> Payloads
    ) -> Contribution<Payloads> {
        do {
            let payloads = try encode()
            let lengths = try PayloadLengths(lengths(payloads), objectProtocol, function)
            return Contribution(payloads: payloads, lengths: lengths, error: nil)
        } catch {
            let payloads = failure(PeerFailure(error, on: rank).payload)
            let lengths = try! PayloadLengths(lengths(payloads), objectProtocol, function)
            return Contribution(payloads: payloads, lengths: lengths, error: error)
        }
    }
}
