import CommandSupport

await CompareRunsCommand.runProgram()
