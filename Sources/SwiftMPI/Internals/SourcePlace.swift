private import Glibc

/// The place in the source where a user's closure was created, as text that a signal handler can read while the closure
/// runs.
final class SourcePlace: Sendable {
    /// The key of the thread-specific place of the running closure.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    private nonisolated(unsafe) let text: UnsafeMutablePointer<CChar>

    /// - Parameter words: The text to append to the description of an event, with a leading space.
    init(_ words: String) { text = strdup(words) }

    deinit { free(text) }

    /// Calls `body`. A signal of this thread during the call is attributed to this place.
    func whileAtWork(_ body: () -> Void) {
        pthread_setspecific(Self.key, text)
        body()
        pthread_setspecific(Self.key, nil)
    }

    /// The text of the place that is active in this thread. Signal handlers may use it after ``prepare()`` was called.
    static var current: UnsafeRawBufferPointer {
        let text = pthread_getspecific(key)
        return UnsafeRawBufferPointer(start: text, count: text.map { strlen($0) } ?? 0)
    }

    static func prepare() { _ = key }
}
