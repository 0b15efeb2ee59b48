import CommandSupport

Diff2DCommand.runOnAllRanks()
