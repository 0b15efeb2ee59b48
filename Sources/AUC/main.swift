import CommandSupport

AUCCommand.runProgram()
