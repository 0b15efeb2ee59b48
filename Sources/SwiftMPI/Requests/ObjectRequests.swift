/// A group of sends, or of receives of one type, to wait for together.
///
/// ```swift
/// var halos = try ObjectRequests(neighbors) { try world.irecv(Halo.self, source: $0) }
/// for halo in try halos.waitAll() { … }
/// ```
///
/// MPI: arrays of requests, MPI-3.1 §3.7.5.
public struct ObjectRequests<Request: ObjectRequest & ~Copyable>: ~Copyable {
    /// A box for a request, because an array cannot hold noncopyable values.
    private final class Place {
        let index: Int
        private var request: Request?

        init(_ index: Int, _ request: consuming Request) {
            self.index = index
            self.request = consume request
        }

        /// Whether the request has completed or failed; a failure is reported by the wait.
        var isComplete: Bool { (try? request?.test()) ?? true }

        func wait() -> Completion {
            let request = request.take()!
            do {
                return Completion(index: index, result: .success(try request.wait()))
            } catch {
                return Completion(index: index, result: .failure(error))
            }
        }
    }

    /// The outcome of a request that was waited for.
    private struct Completion {
        var index: Int
        var result: Result<Request.Outcome, any Error>

        var hasFailed: Bool { if case .failure = result { true } else { false } }

        func get() throws(RequestError) -> Request.Outcome {
            do { return try result.get() } catch { throw RequestError(index: index, underlying: error) }
        }
    }

    private var places: [Place] = []
    /// The outcomes that have not been returned yet.
    private var completions: [Completion] = []
    /// The number of requests that were added, including completed requests.
    public private(set) var count = 0

    /// Creates a group without requests.
    public init() {}

    /// Creates a group with one request for each element of a sequence, in the order of the sequence.
    ///
    /// - Parameters:
    ///   - elements: The elements, such as the ranks to receive from.
    ///   - start: Starts the request for an element.
    /// - Throws: The error that `start` throws. If a request was started before, the job ends instead, because that
    ///   request is dropped.
    public init<Element, Failure: Error>(
        _ elements: some Sequence<Element>, _ start: (Element) throws(Failure) -> Request
    ) throws(Failure) {
        for element in elements { append(try start(element)) }
    }

    /// Adds a request. Its index is the count before the call.
    public mutating func append(_ request: consuming Request) {
        places.append(Place(count, request))
        count += 1
    }

    /// Waits for all requests.
    ///
    /// - Returns: The outcomes that have not been returned yet, in the order in which the requests were added.
    /// - Throws: The error of the first request that failed, after all are complete. The next call returns the outcomes
    ///   of the other requests.
    ///
    /// MPI: `MPI_Waitall`, MPI-3.1 §3.7.5, as one wait after another.
    public mutating func waitAll() throws(RequestError) -> [Request.Outcome] {
        try completeAll()
        defer { completions = [] }
        return completions.compactMap { try? $0.get() }
    }

    /// Waits for any request whose outcome has not been returned yet.
    ///
    /// - Returns: The index of the request and its outcome, or `nil` if no requests are left.
    /// - Throws: The error of a request that failed, which then leaves the group.
    ///
    /// MPI: `MPI_Waitany`, MPI-3.1 §3.7.5, as repeated tests of all requests.
    public mutating func waitAny() throws(RequestError) -> (index: Int, outcome: Request.Outcome)? {
        while true {
            if let found = try testAny() { return found }
            if places.isEmpty { return nil }
            yieldProcessor()
        }
    }

    /// Returns the outcome of a completed request, if there is one that has not been returned yet; see ``waitAny()``.
    ///
    /// MPI: `MPI_Testany`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws(RequestError) -> (index: Int, outcome: Request.Outcome)? {
        // Errors are thrown only after all available outcomes have been returned.
        if completions.allSatisfy(\.hasFailed), places.contains(where: \.isComplete) { takeWhatIsComplete() }
        if completions.isEmpty { return nil }
        let completion = completions.remove(at: completions.firstIndex { !$0.hasFailed } ?? 0)
        return (completion.index, try completion.get())
    }

    /// Returns whether all requests are complete. If they are, ``waitAll()`` returns immediately.
    ///
    /// - Throws: When all requests are complete, the same errors as ``waitAll()``.
    ///
    /// MPI: `MPI_Testall`, MPI-3.1 §3.7.5.
    public mutating func testAll() throws(RequestError) -> Bool {
        if places.count(where: \.isComplete) < places.count { return false }
        try completeAll()
        return true
    }

    private mutating func takeWhatIsComplete() {
        let all = places
        places = []
        for place in all {
            if place.isComplete { completions.append(place.wait()) } else { places.append(place) }
        }
    }

    /// Waits for all and throws the first error.
    private mutating func completeAll() throws(RequestError) {
        completions += places.map { $0.wait() }
        places = []
        completions.sort { $0.index < $1.index }
        if let failure = completions.firstIndex(where: \.hasFailed) { _ = try completions.remove(at: failure).get() }
    }
}
