/// Several sends, or several receives of one type, to wait for together.
///
/// ```swift
/// var halos = ObjectRequests<ObjectReceiveRequest<Halo>>()
/// for neighbour in neighbours { halos.append(try world.irecv(source: neighbour)) }
/// for halo in try halos.waitAll() { … }
/// ```
///
/// MPI: arrays of requests, MPI-3.1 §3.7.5.
public struct ObjectRequests<Request: ObjectRequest & ~Copyable>: ~Copyable {
    /// An array cannot hold what cannot be copied. `nil`: waited for already.
    private final class Place {
        var request: Request?
        init(_ request: consuming Request) { self.request = consume request }

        func test() throws(MPIError) -> Bool? { try request?.test() }
    }
    private var places: [Place] = []

    /// No requests.
    public init() {}

    /// How many requests were added, whether they are complete or not.
    public var count: Int { places.count }

    /// Adds a request; its index is the count before.
    public mutating func append(_ request: consuming Request) { places.append(Place(request)) }

    /// Waits for all of them.
    ///
    /// - Returns: What each gives, in the order they were added, without those ``waitAny()`` gave before.
    /// - Throws: After all are complete, what the first that failed throws.
    ///
    /// MPI: `MPI_Waitall`, MPI-3.1 §3.7.5, done one by one.
    public consuming func waitAll() throws -> [Request.Outcome] {
        var outcomes: [Result<Request.Outcome, any Error>] = []
        for place in places {
            guard let request = place.request.take() else { continue }
            do { outcomes.append(.success(try request.wait())) } catch { outcomes.append(.failure(error)) }
        }
        return try outcomes.map { try $0.get() }
    }

    /// Waits until one is complete that was not waited for before.
    ///
    /// - Returns: Its index and what it gives; `nil` when all were waited for.
    /// - Throws: ``MPIError``, or what waiting for the request throws; the others can still be waited for.
    ///
    /// MPI: `MPI_Waitany`, MPI-3.1 §3.7.5, by testing them in turn.
    public mutating func waitAny() throws -> (index: Int, outcome: Request.Outcome)? {
        while places.contains(where: { $0.request != nil }) {
            if let found = try testAny() { return found }
            yieldProcessor()
        }
        return nil
    }

    /// Takes one that is complete and was not waited for before, if there is any; see ``waitAny()``.
    ///
    /// MPI: `MPI_Testany`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws -> (index: Int, outcome: Request.Outcome)? {
        for (index, place) in places.enumerated() where try place.test() == true {
            guard let request = place.request.take() else { continue }
            return (index, try request.wait())
        }
        return nil
    }

    /// Whether all are complete; ``waitAll()`` returns at once then.
    ///
    /// MPI: `MPI_Testall`, MPI-3.1 §3.7.5.
    public mutating func testAll() throws(MPIError) -> Bool {
        var all = true
        for place in places where try place.test() == false { all = false }
        return all
    }
}
