using Gossip.Simulation;

return CommandLine.Run(args, Console.Out, Console.Error);
