return args is [Gossip.Benchmarks.Worker.NodeWorker.Verb]
    ? await Gossip.Benchmarks.Worker.NodeWorker.RunAsync(Console.In, Console.Out)
    : await Gossip.Benchmarks.BenchmarkCommand.RunAsync(args);
