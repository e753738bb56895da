using Gossip.Adversary;

return await AdversaryCommand.RunAsync(args);
