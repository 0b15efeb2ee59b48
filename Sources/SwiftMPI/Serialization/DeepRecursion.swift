private import Glibc

/// Additional call stacks for deeply nested values, whose encoding and decoding is recursive.
///
/// The first levels run on the caller's stack. Each further 1024 levels run on a new thread with its own stack. Levels
/// are counted instead of bytes, because there is no portable way to find out how much of a stack is left.
enum DeepRecursion {
    /// The maximum nesting of the containers that a single value opens, which may be recursion in the user's code.
    static let maximumNesting = 512

    private static let levelsPerStack = 1024
    /// Far more than a level needs without optimization. Pages that are not touched use no memory.
    private static let bytesPerLevel = 32 << 10

    /// Returns whether a level is the first on a new stack.
    @inline(__always)
    static func needsStack(at depth: Int) -> Bool { depth & (levelsPerStack - 1) == 32 }

    /// Runs `body` on a new stack and waits for it.
    ///
    /// - Throws: Any error from `body`, or ``CBORError/Reason/tooDeep`` if the stack cannot be allocated.
    @inline(never)
    static func withNewStack<R>(_ body: () throws -> R) throws -> R {
        try withoutActuallyEscaping(body) { body in
            var result: Result<R, any Error>?
            let work = Work { result = Result(catching: body) }
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            defer { pthread_attr_destroy(&attributes) }
            pthread_attr_setstacksize(&attributes, levelsPerStack * bytesPerLevel)
            var thread = pthread_t()
            let code = pthread_create(
                &thread, &attributes,
                { work in
                    Unmanaged<Work>.fromOpaque(work!).takeUnretainedValue().run()
                    return nil
                }, Unmanaged.passUnretained(work).toOpaque())
            guard code == 0 else { throw CBORError(reason: .tooDeep, offset: 0) }
            pthread_join(thread, nil)
            return try result!.get()
        }
    }

    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
}
