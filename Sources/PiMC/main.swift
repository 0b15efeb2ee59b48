import CommandSupport

PiMCCommand.runOnAllRanks()
