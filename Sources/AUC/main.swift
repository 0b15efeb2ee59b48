import CommandSupport

AUCCommand.runOnAllRanks()
