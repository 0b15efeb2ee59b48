// A failure travels where an object would have: nobody waits for a rank that could not make its object, and no message
// is added where nothing fails. Its payload is CBOR, whatever the serializer, and known by its first bytes: SwiftMPI's
// own tag and an array of three, of which the first says what it is. To a Python peer it is a `CBORTag`.

extension PeerFailure {
    /// Another rank's view of an error of this rank. What came from a third rank stays as it is.
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

    /// The failure that came in place of an object; nil if an object came.
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

/// What a rank contributes to a collective call.
struct Contribution<Payloads> {
    /// Its objects; if it has none, failures in their places.
    let payloads: Payloads
    let lengths: PayloadLengths
    /// Why it has no objects, to be thrown once the others have the failures.
    let error: (any Error)?
}

extension Communicator {
    /// The contribution of one object.
    func contribution(_ function: StaticString, _ encode: () throws -> [UInt8]) -> Contribution<[UInt8]> {
        contribution(function, encode, lengths: { [$0.count] }, failure: { $0 })
    }

    /// The contribution of one object for each rank.
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
