/// Payloads of all ranks in one buffer, packed in rank order.
struct PackedPayloads {
    var bytes: [UInt8]
    let counts: VariableCounts

    /// - Throws: ``MPIError`` if all payloads together exceed what a v-collective of MPI-3.1 can address.
    private static func counts(_ lengths: [Int], _ function: StaticString) throws(MPIError) -> VariableCounts {
        // Lengths that a peer sent may be anything.
        let total = lengths.reduce(0) { $0.addingReportingOverflow($1).overflow ? Int.max : $0 + $1 }
        _ = try cCount(total, function)
        return VariableCounts(lengths)
    }

    init(_ payloads: [[UInt8]], _ function: StaticString) throws(MPIError) {
        counts = try Self.counts(payloads.map(\.count), function)
        bytes = Array(payloads.joined())
    }

    /// Room for payloads of known lengths.
    init(lengths: [Int], _ function: StaticString) throws(MPIError) {
        counts = try Self.counts(lengths, function)
        bytes = [UInt8](repeating: 0, count: counts.extent)
    }

    /// The objects, one a rank.
    func objects<T: Decodable>(_ type: T.Type, of communicator: Communicator) throws -> [T] {
        try bytes.withUnsafeBytes { bytes in
            try zip(counts.displacements, counts.counts).map { start, count in
                try communicator.object(
                    type, from: UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<Int(start + count)]))
            }
        }
    }
}
