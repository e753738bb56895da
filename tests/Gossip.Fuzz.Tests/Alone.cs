// The counts of the instrumented code are the process's: one loop at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
