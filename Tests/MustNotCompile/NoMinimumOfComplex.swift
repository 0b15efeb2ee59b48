// Complex numbers have no order.
// error: requires that 'Complex<Double>' conform to 'MPINumeric'
import SwiftMPI

func noMinimumOfComplex(_ world: Communicator) throws {
    let number = Complex(1.0, 2.0)
    _ = try world.Allreduce(number, op: .sum)
    #if MISUSE
        _ = try world.Allreduce(number, op: .min)
    #endif
}
