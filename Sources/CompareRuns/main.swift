await CompareRunsCommand.runProgram()
