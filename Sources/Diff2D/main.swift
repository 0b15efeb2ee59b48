import CommandSupport
import SystemSupport

CheckpointOptions.startWatchingForSignals()
// Rank 0 draws where that was asked for. MPI has ended by now: a program with MPI in it must not be forked.
if case .some(.some(let drawing)) = Diff2DCommand.runOnAllRanks() { drawing.replaceThisProgram() }
