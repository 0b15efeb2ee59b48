import CommandSupport

PiMCCommand.runProgram()
