#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The error that a thread has thrown last.
///
/// A request that an error leaves behind ends the job before anybody catches that error. The line that the job ends with
/// shall name both, so the errors are noted where they are thrown: the Swift runtime calls a function for it, if there is
/// one, as Swift Testing has. Where the runtime is linked statically it cannot be found, and nothing is noted.
enum LastError {
    private final class Note {
        var error: any Error
        init(_ error: any Error) { self.error = error }
    }

    private typealias Handler = @convention(c) (UnsafeRawPointer) -> Void
    private typealias TypedHandler = @convention(c) (UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer) -> Void

    /// The runtime's variables for these functions, and what was in them before.
    private nonisolated(unsafe) static var next: Handler?
    private nonisolated(unsafe) static var nextTyped: TypedHandler?

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key) { Unmanaged<Note>.fromOpaque($0!).release() }
        return key
    }()

    /// Notes the errors thrown from now on.
    static func startNoting() {
        guard let handler = dlsym(nil, "_swift_willThrow")?.assumingMemoryBound(to: Handler?.self),
            let typedHandler = dlsym(nil, "_swift_willThrowTypedImpl")?.assumingMemoryBound(to: TypedHandler?.self)
        else { return }
        _ = key
        (next, nextTyped) = (handler.pointee, typedHandler.pointee)
        handler.pointee = { error in
            LastError.note(unsafeBitCast(error, to: (any Error).self))
            LastError.next?(error)
        }
        typedHandler.pointee = { error, type, conformance in
            // A metatype of a protocol is these two addresses.
            LastError.note(unsafeBitCast((type, conformance), to: (any Error.Type).self).loaded(from: error))
            LastError.nextTyped?(error, type, conformance)
        }
    }

    /// The error that this thread has thrown last, if it was noted.
    static var ofThisThread: (any Error)? {
        pthread_getspecific(key).map { Unmanaged<Note>.fromOpaque($0).takeUnretainedValue().error }
    }

    private static func note(_ error: any Error) {
        if let note = pthread_getspecific(key) {
            Unmanaged<Note>.fromOpaque(note).takeUnretainedValue().error = error
        } else {
            pthread_setspecific(key, Unmanaged.passRetained(Note(error)).toOpaque())
        }
    }
}

extension Error {
    fileprivate static func loaded(from address: UnsafeRawPointer) -> any Error {
        address.assumingMemoryBound(to: Self.self).pointee
    }
}
