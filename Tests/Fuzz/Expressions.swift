// What libFuzzer calls with each input when `run`, beside this file, fuzzes the expressions of `auc`.

import Expressions

@c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let function: Function
    do {
        function = try Function(text)
    } catch {
        // A column that is there, or the one after the last.
        guard error.column >= 1, error.column <= text.count + 1, !error.message.isEmpty else {
            fatalError("'\(text)': \(error)")
        }
        return 0
    }
    // A value does not depend on its place among others.
    let points: [Double] = [0, 1, -1, 0.5, 3, -2.5, 1e-300, 1e300, -0.0, .infinity, .nan, 2e9, 7]
    let evaluator = Evaluator(function)
    let together = evaluator.values(at: points)
    for (point, value) in zip(points, together) {
        let alone = evaluator.value(at: point)
        guard alone.bitPattern == value.bitPattern || (alone.isNaN && value.isNaN) else {
            fatalError("'\(text)' at \(point): \(value), alone \(alone)")
        }
    }
    if let constant = function.constant, !together[0].isNaN || !constant.isNaN, constant != together[0] {
        fatalError("'\(text)' is \(constant), evaluated \(together[0])")
    }
    _ = function.polynomial?.integral(from: -1, to: 2)
    _ = Evaluator(function.magnitude).value(at: 2)
    return 0
}
