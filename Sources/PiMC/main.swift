import Checkpointing
import CommandSupport

CheckpointOptions.startWatchingForSignals()
PiMCCommand.runOnAllRanks()
