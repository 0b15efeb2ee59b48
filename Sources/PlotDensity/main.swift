await PlotDensityCommand.runProgram()
