private import Glibc

/// Where a closure of the user was made, in words that a signal handler can find while the closure is at work.
final class SourcePlace: Sendable {
    /// The places at work are those of threads.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    private nonisolated(unsafe) let text: UnsafeMutablePointer<CChar>

    /// - Parameter words: What follows what has happened, with a space before.
    init(_ words: String) { text = strdup(words) }

    deinit { free(text) }

    /// Calls `body`, in which a signal of this thread is attributed to this place.
    func whileAtWork(_ body: () -> Void) {
        pthread_setspecific(Self.key, text)
        body()
        pthread_setspecific(Self.key, nil)
    }

    /// The words of the place at work in this thread; for signal handlers, once ``prepare()`` was called.
    static var current: UnsafeRawBufferPointer {
        let text = pthread_getspecific(key)
        return UnsafeRawBufferPointer(start: text, count: text.map { strlen($0) } ?? 0)
    }

    static func prepare() { _ = key }
}
