using Gossip.Crash;

return await CrashCommand.RunAsync(args);
