// Errors (MPI-3.1 chapter 8.3–8.5).
// Missing: user-defined error classes and codes, user-defined error handlers.

public import CMPI

/// A failed MPI call, or a call that was rejected before MPI saw it.
///
/// Every communicator returns its errors (`MPI_ERRORS_RETURN`), so that they are thrown as this Swift error instead of
/// ending the job inside MPI.
///
/// MPI: error codes and classes, MPI-3.1 §8.4.
public struct MPIError: Error, Hashable, Sendable {
    /// The code that the C function returned; for a rejected call, MPI's error class for the mistake.
    public let code: CInt
    /// The C function, such as `"MPI_Send"`.
    public let function: String
    /// MPI's text for the code, or a description of the wrong arguments.
    public let message: String
    /// The index of the failed request in a ``RequestSet`` or ``RequestScope``.
    public internal(set) var requestIndex: Int?

    /// The class of the error.
    ///
    /// MPI: `MPI_Error_class`, MPI-3.1 §8.4.
    public let `class`: Class

    /// An error class. MPI numbers its classes; those that a program may want to distinguish have names here.
    ///
    /// ```swift
    /// do {
    ///     try world.Recv(into: &buffer, source: 0)
    /// } catch let error where error.class == .truncated {
    ///     // The message was longer than the buffer.
    /// }
    /// ```
    ///
    /// MPI: error classes, MPI-3.1 §8.4.
    public struct Class: RawRepresentable, Hashable, Sendable {
        /// MPI's number for the class.
        public let rawValue: CInt

        public init(rawValue: CInt) { self.rawValue = rawValue }
    }
}

extension MPIError: CustomStringConvertible {
    public var description: String {
        let request = requestIndex.map { "request \($0): " } ?? ""
        return "\(request)\(function): \(message)"
    }
}

extension MPIError.Class {
    /// A message was longer than the buffer that received it (`MPI_ERR_TRUNCATE`).
    public static var truncated: Self { Self(rawValue: CInt(MPI_ERR_TRUNCATE)) }
    /// A rank outside the communicator (`MPI_ERR_RANK`).
    public static var rank: Self { Self(rawValue: CInt(MPI_ERR_RANK)) }
    /// A tag below zero or above the upper bound (`MPI_ERR_TAG`).
    public static var tag: Self { Self(rawValue: CInt(MPI_ERR_TAG)) }
    /// A count that MPI cannot take, or buffers whose sizes do not match (`MPI_ERR_COUNT`).
    public static var count: Self { Self(rawValue: CInt(MPI_ERR_COUNT)) }
    /// No space, or not enough space, for buffered sends (`MPI_ERR_BUFFER`).
    public static var buffer: Self { Self(rawValue: CInt(MPI_ERR_BUFFER)) }
    /// A root outside the communicator (`MPI_ERR_ROOT`).
    public static var root: Self { Self(rawValue: CInt(MPI_ERR_ROOT)) }
    /// Dimensions that do not describe a grid of this communicator (`MPI_ERR_DIMS`).
    public static var dimensions: Self { Self(rawValue: CInt(MPI_ERR_DIMS)) }
    /// A communicator of a kind that the call does not support (`MPI_ERR_COMM`).
    public static var communicator: Self { Self(rawValue: CInt(MPI_ERR_COMM)) }
    /// A group whose members do not suit the call (`MPI_ERR_GROUP`).
    public static var group: Self { Self(rawValue: CInt(MPI_ERR_GROUP)) }
    /// An invalid topology, or a topology that does not belong to the communicator (`MPI_ERR_TOPOLOGY`).
    public static var topology: Self { Self(rawValue: CInt(MPI_ERR_TOPOLOGY)) }
    /// Any other argument out of range (`MPI_ERR_ARG`).
    public static var argument: Self { Self(rawValue: CInt(MPI_ERR_ARG)) }
    /// An operation that the library cannot do (`MPI_ERR_OTHER`).
    public static var other: Self { Self(rawValue: CInt(MPI_ERR_OTHER)) }
}

extension MPIError {
    /// Creates an error with MPI's text for the code that a function returned.
    @usableFromInline
    init(code: CInt, from function: StaticString) {
        if code == MPI.notRunningCode {
            self.init(refused: function, .other, MPI.notRunningText)
            return
        }
        var message: String?
        var errorClass = code
        if MPI.isRunning {
            // MPICH 4.0 writes beyond MPI_MAX_ERROR_STRING if a collective fails in several ways at once.
            message = text(capacity: 8 * CInt(MPI_MAX_ERROR_STRING)) { MPI_Error_string(code, $0, $1) }
            if MPI_Error_class(code, &errorClass) != MPI_SUCCESS { errorClass = code }
            message = Self.clearer(message, Class(rawValue: errorClass), function)
        }
        self.init(
            code: code, function: function.description, message: message ?? "error code \(code)",
            class: Class(rawValue: errorClass))
    }

    /// Replaces MPI's text if it does not help the user.
    private static func clearer(_ message: String?, _ errorClass: MPIError.Class, _ function: StaticString) -> String? {
        switch (errorClass, function.description) {
        case (.buffer, "MPI_Bsend"), (.buffer, "MPI_Ibsend"), (.buffer, "MPI_Start"):
            // Open MPI reports an invalid pointer here.
            "the space for buffered sends is full: make it larger with MPI.withAttachedBuffer(byteCount:_:)"
        default: message
        }
    }

    /// Creates an error for a mistake of the caller that was found before MPI was called.
    @usableFromInline
    init(refused function: StaticString, _ errorClass: MPIError.Class, _ message: String) {
        self.init(code: errorClass.rawValue, function: function.description, message: message, class: errorClass)
    }
}

/// Throws if a receive into a buffer of the given size has failed.
@inlinable
func check(_ function: StaticString, _ code: CInt, room byteCount: @autoclosure () -> Int) throws(MPIError) {
    if code != MPI_SUCCESS { throw MPIError(code: code, from: function).explained(room: byteCount()) }
}

extension MPIError {
    /// Adds the size of the buffer to the message, and a common cause of messages that do not fit.
    @usableFromInline
    func explained(room byteCount: Int) -> MPIError {
        if self.class != .truncated { return self }
        let text =
            "\(message); the buffer has room for \(byteCount) bytes. "
            + "What a lowercase call, such as send, has sent is received by one, such as recv"
        return MPIError(code: code, function: function, message: text, class: self.class)
    }
}

/// Calls an MPI function, or throws if MPI is not running. The only place that reads the return codes of MPI functions.
@inlinable
func check(_ function: StaticString, _ call: @autoclosure () throws(MPIError) -> CInt) throws(MPIError) {
    if !MPI.isInsideRun { try MPI.requireRunning(function) }
    let code = try call()
    if code != MPI_SUCCESS { throw MPIError(code: code, from: function) }
}
