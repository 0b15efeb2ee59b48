private import Glibc

/// From here on signals call a function instead of what they did; system calls go on after it.
///
/// - Parameter handler: May call nothing but what is safe in a handler.
public func handle(_ signals: some Sequence<Int32>, with handler: @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.sa_flags = Int32(SA_RESTART)
    action.__sigaction_handler.sa_handler = handler
    for signal in signals { sigaction(signal, &action, nil) }
}
