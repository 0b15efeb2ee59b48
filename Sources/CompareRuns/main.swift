CompareRunsCommand.runProgram()
