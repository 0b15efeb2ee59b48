// A scatter of a buffer does not say where the part goes, the size of which other ranks than the root do not know.
// error: ranks other than the root cannot know how much comes: Scatter(_:into:root:), or Scatterv(_:root:)
import SwiftMPI

func scatterNeedsResult(_ world: Communicator) throws {
    var part = [0.0]
    try world.Scatter([1.0, 2.0], into: &part)
    part = try world.Scatterv([1.0, 2.0])
    #if MISUSE
        part = try world.Scatter([1.0, 2.0])
    #endif
}
