import CommandSupport

TaskFarmCommand.runOnAllRanks()
