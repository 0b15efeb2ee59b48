import CommandSupport

TaskFarmCommand.runProgram()
