import CommandSupport

CheckpointOptions.startWatchingForSignals()
PiMCCommand.runOnAllRanks()
