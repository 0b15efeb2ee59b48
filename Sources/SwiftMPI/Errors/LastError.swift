private import Glibc

/// The error that a thread has thrown last.
///
/// A request that is dropped because of a thrown error ends the job before the error is caught. So that the job's last
/// lines can name both, each error is recorded when it is thrown. The Swift runtime has two variables that hold
/// functions to call at that time; Swift Testing uses them as well. In a program that links the runtime statically, the
/// variables are not found, and nothing is recorded.
enum LastError {
    private final class Note {
        var error: any Error
        init(_ error: any Error) { self.error = error }
    }

    private typealias Handler = @convention(c) (UnsafeRawPointer) -> Void
    private typealias TypedHandler = @convention(c) (UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer) -> Void

    // The previous values of the variables. Set once, before other threads exist.
    private nonisolated(unsafe) static var next: Handler?
    private nonisolated(unsafe) static var nextTyped: TypedHandler?

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key) { Unmanaged<Note>.fromOpaque($0!).release() }
        return key
    }()

    /// Starts recording thrown errors.
    static func startNoting() { isNoting }

    private static let isNoting: Void = {
        guard let handler = dlsym(nil, "_swift_willThrow")?.assumingMemoryBound(to: Handler?.self),
            let typedHandler = dlsym(nil, "_swift_willThrowTypedImpl")?.assumingMemoryBound(to: TypedHandler?.self)
        else { return }
        (next, nextTyped) = (handler.pointee, typedHandler.pointee)
        handler.pointee = { error in
            LastError.note(unsafeBitCast(error, to: (any Error).self))
            LastError.next?(error)
        }
        typedHandler.pointee = { error, type, conformance in
            // The metatype of an existential consists of these two addresses.
            LastError.note(unsafeBitCast((type, conformance), to: (any Error.Type).self).loaded(from: error))
            LastError.nextTyped?(error, type, conformance)
        }
    }()

    /// The error that this thread has thrown last; `nil` if none was recorded.
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
