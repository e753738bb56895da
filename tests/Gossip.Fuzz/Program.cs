using Gossip.Fuzz.Commands;

return await FuzzCommand.RunAsync(args);
