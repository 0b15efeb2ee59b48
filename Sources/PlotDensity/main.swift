import CommandSupport

await PlotDensityCommand.runProgram()
