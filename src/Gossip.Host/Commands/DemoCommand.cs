using System.CommandLine;

namespace Gossip.Host.Commands;

internal static class DemoCommand
{
    public static Command Create(TimeProvider time)
    {
        _ = time;
        return new("demo", "x");
    }
}
