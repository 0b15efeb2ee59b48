private import Glibc

/// Installs a handler for signals. Interrupted system calls are restarted.
///
/// - Parameter handler: A function that only calls async-signal-safe functions.
public func handle(_ signals: some Sequence<Int32>, with handler: @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.sa_flags = Int32(SA_RESTART)
    action.__sigaction_handler.sa_handler = handler
    for signal in signals { sigaction(signal, &action, nil) }
}
