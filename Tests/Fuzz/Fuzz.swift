// What libFuzzer calls with each input; `run`, beside this file, builds and starts it.

@c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    for trial in Trial.all {
        do {
            try trial.run(bytes)
        } catch {
            fatalError("as \(trial.name): \(error)")
        }
    }
    return 0
}
