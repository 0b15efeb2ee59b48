/// Several sends, or several receives of one type, to wait for together.
///
/// ```swift
/// var halos = try ObjectRequests(neighbors) { try world.irecv(Halo.self, source: $0) }
/// for halo in try halos.waitAll() { … }
/// ```
///
/// MPI: arrays of requests, MPI-3.1 §3.7.5.
public struct ObjectRequests<Request: ObjectRequest & ~Copyable>: ~Copyable {
    /// An array cannot hold what cannot be copied.
    private final class Place {
        let index: Int
        private var request: Request?

        init(_ index: Int, _ request: consuming Request) {
            self.index = index
            self.request = consume request
        }

        /// Whether it is over; if it has failed, the wait says why.
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

    /// What waiting for a request has given.
    private struct Completion {
        var index: Int
        var result: Result<Request.Outcome, any Error>

        var hasFailed: Bool { if case .failure = result { true } else { false } }

        func get() throws(RequestError) -> Request.Outcome {
            do { return try result.get() } catch { throw RequestError(index: index, underlying: error) }
        }
    }

    private var places: [Place] = []
    /// What was waited for and not given yet.
    private var completions: [Completion] = []
    /// How many requests were added, whether they are complete or not.
    public private(set) var count = 0

    /// No requests.
    public init() {}

    /// The requests that `start` starts, one for each element of a sequence, in its order.
    ///
    /// - Parameters:
    ///   - elements: Such as the ranks to receive from.
    ///   - start: Starts a request.
    /// - Throws: What `start` throws, which ends the job if a request before is pending.
    public init<Element, Failure: Error>(
        _ elements: some Sequence<Element>, _ start: (Element) throws(Failure) -> Request
    ) throws(Failure) {
        for element in elements { append(try start(element)) }
    }

    /// Adds a request; its index is the count before.
    public mutating func append(_ request: consuming Request) {
        places.append(Place(count, request))
        count += 1
    }

    /// Waits for all of them.
    ///
    /// - Returns: What each gives, in the order they were added, without those that were given before.
    /// - Throws: After all are complete, the error of the first that failed. The next call gives what the others gave.
    ///
    /// MPI: `MPI_Waitall`, MPI-3.1 §3.7.5, done one by one.
    public mutating func waitAll() throws(RequestError) -> [Request.Outcome] {
        try completeAll()
        defer { completions = [] }
        return completions.compactMap { try? $0.get() }
    }

    /// Waits until one is complete that was not waited for before.
    ///
    /// - Returns: Its index and what it gives; `nil` when all were waited for.
    /// - Throws: The error of a request that failed, which is not waited for again.
    ///
    /// MPI: `MPI_Waitany`, MPI-3.1 §3.7.5, by testing them in turn.
    public mutating func waitAny() throws(RequestError) -> (index: Int, outcome: Request.Outcome)? {
        while true {
            if let found = try testAny() { return found }
            if places.isEmpty { return nil }
            yieldProcessor()
        }
    }

    /// Takes one that is complete and was not waited for before, if there is any; see ``waitAny()``.
    ///
    /// MPI: `MPI_Testany`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws(RequestError) -> (index: Int, outcome: Request.Outcome)? {
        // An error is given when there is nothing else to give.
        if completions.allSatisfy(\.hasFailed), places.contains(where: \.isComplete) { takeWhatIsComplete() }
        if completions.isEmpty { return nil }
        let completion = completions.remove(at: completions.firstIndex { !$0.hasFailed } ?? 0)
        return (completion.index, try completion.get())
    }

    /// Whether all are complete; ``waitAll()`` returns at once then.
    ///
    /// - Throws: When all are complete, as ``waitAll()``.
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
