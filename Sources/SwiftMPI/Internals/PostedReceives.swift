internal import CMPI

// MPI wants to know the room for a message when a receive is posted, and the size of an object is not known before its
// message is there. So `irecv` posts its receive here, not with MPI, and it meets its message by matched probe when
// this rank waits in a lowercase call on the same communicator. Messages go to the receives MPI would give them to: of
// those that match, the one posted first gets the message sent first (MPI-3.1 §3.5).

/// A receive that was posted: first it waits for its message, then for the message's bytes.
final class PostedReceive {
    let source: CInt
    let tag: CInt
    private var request = CMPI_REQUEST_NULL()
    private(set) var payload: ReceivedMemory?
    private(set) var status = Status()
    private(set) var isReceived = false

    init(source: CInt, tag: CInt) {
        self.source = source
        self.tag = tag
    }

    /// Whether the message has been found: `payload` is being filled then.
    var hasMessage: Bool { payload != nil }

    func matches(_ envelope: Status) -> Bool {
        (source == envelope.raw.MPI_SOURCE || source == CMPI_ANY_SOURCE())
            && (tag == envelope.raw.MPI_TAG || tag == CMPI_ANY_TAG())
    }

    /// Begins to receive the message found for it.
    func start(_ message: ProbedMessage) throws(MPIError) {
        var message = message
        let length = try message.length()
        let room = ReceivedMemory(byteCount: length)
        payload = room
        status = message.status
        let code = try withCount(length, of: Byte.self) { (count, type) in
            MPI_Imrecv(room.bytes.baseAddress, count, type, &message.handle, &request)
        }
        try check("MPI_Imrecv", code)
    }

    func testBytes() throws(MPIError) -> Bool {
        if !isReceived {
            var isDone: CInt = 0
            try check("MPI_Test", MPI_Test(&request, &isDone, CMPI_STATUS_IGNORE()))
            isReceived = isDone != 0
        }
        return isReceived
    }

    func waitForBytes() throws(MPIError) {
        if !isReceived { try check("MPI_Wait", MPI_Wait(&request, CMPI_STATUS_IGNORE())) }
        isReceived = true
    }
}

extension Communicator {
    /// Gives the messages that have arrived to the receives posted for them.
    func deliverMessages() throws(MPIError) {
        for receive in postedReceives where !receive.hasMessage {
            guard let envelope = try envelope(source: receive.source, tag: receive.tag) else { continue }
            // Several may match; an earlier one may even have a message before this one.
            let index = postedReceives.firstIndex { $0.matches(envelope) }!
            let first = postedReceives[index]
            guard let message = try arrivedMessage(source: envelope.raw.MPI_SOURCE, tag: first.tag) else { continue }
            postedReceives.remove(at: index)
            try first.start(message)
        }
    }

    /// Waits for the message of a posted receive.
    func waitForMessage(of receive: PostedReceive) throws(MPIError) {
        while !receive.hasMessage {
            if postedReceives.count == 1 {
                postedReceives = []
                try receive.start(awaitedMessage(source: receive.source, tag: receive.tag))
            } else {
                try deliverMessages()
                if !receive.hasMessage { yieldProcessor() }
            }
        }
    }

    /// Waits for the next matching message that no posted receive is to have.
    func nextMessage(source: CInt, tag: CInt) throws(MPIError) -> ProbedMessage {
        if postedReceives.isEmpty || source == CMPI_PROC_NULL() { return try awaitedMessage(source: source, tag: tag) }
        while true {
            if let message = try nextMessageIfArrived(source: source, tag: tag) { return message }
            yieldProcessor()
        }
    }

    /// The next matching message that no posted receive is to have, if it is there.
    func nextMessageIfArrived(source: CInt, tag: CInt) throws(MPIError) -> ProbedMessage? {
        if postedReceives.isEmpty || source == CMPI_PROC_NULL() { return try arrivedMessage(source: source, tag: tag) }
        try deliverMessages()
        guard let envelope = try envelope(source: source, tag: tag),
            !postedReceives.contains(where: { $0.matches(envelope) })
        else { return nil }
        return try arrivedMessage(source: envelope.raw.MPI_SOURCE, tag: envelope.raw.MPI_TAG)
    }
}

// The probes of MPI, for typed buffers as well.
extension Communicator {
    func envelope(source: CInt, tag: CInt) throws(MPIError) -> Status? {
        var isThere: CInt = 0
        var status = Status()
        try check("MPI_Iprobe", MPI_Iprobe(source, tag, handle, &isThere, &status.raw))
        return isThere == 0 ? nil : status
    }

    func awaitedMessage(source: CInt, tag: CInt) throws(MPIError) -> ProbedMessage {
        var message = ProbedMessage()
        try check("MPI_Mprobe", MPI_Mprobe(source, tag, handle, &message.handle, &message.status.raw))
        return message
    }

    func arrivedMessage(source: CInt, tag: CInt) throws(MPIError) -> ProbedMessage? {
        var isThere: CInt = 0
        var message = ProbedMessage()
        let code = MPI_Improbe(source, tag, handle, &isThere, &message.handle, &message.status.raw)
        try check("MPI_Improbe", code)
        return isThere == 0 ? nil : message
    }
}
