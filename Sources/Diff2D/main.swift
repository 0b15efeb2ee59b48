import CommandSupport

Diff2DCommand.runProgram()
