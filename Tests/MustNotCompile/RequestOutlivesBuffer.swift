// A request leaves the function whose array it borrows.
// error: cannot return a ~Escapable result
import SwiftMPI

func requestOutlivesBuffer(_ world: Communicator) throws -> Request<[Double]> {
    return try world.Isend([1.0], dest: 0)
}

#if MISUSE
    func borrowedRequestOutlivesBuffer(_ world: Communicator) throws -> Request<Span<Double>> {
        let row = [1.0]
        return try world.Isend(row.span, dest: 0)
    }
#endif
