using Gossip.Host.Commands;

return await GossipCommand.RunAsync(args);
