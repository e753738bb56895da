using System.Net;
using System.Security.Cryptography;
using Gossip.Actors.Protocol;

namespace Gossip.Tests
{
    /// <summary>Is the protocol pure: no task, clock, randomness, I/O or lock?</summary>
    public sealed class ArchitectureTests
    {
        private static readonly string[] Impure =
        [
            "System.Threading",
            "System.IO",
            "System.Net",
            "System.TimeProvider",
            "System.Environment",
            "System.Console",
            "System.AppDomain",
            "System.Diagnostics.Process",
            "System.Diagnostics.Stopwatch",
            "System.DateTime.get_Now",
            "System.DateTime.get_UtcNow",
            "System.DateTime.get_Today",
            "System.DateTimeOffset.get_Now",
            "System.DateTimeOffset.get_UtcNow",
            "System.Guid.NewGuid",
            "System.Guid.CreateVersion7",
            "System.Random.get_Shared",
            "System.Random..ctor",
            "System.Security.Cryptography.RandomNumberGenerator",
            "System.Security.Cryptography.ECDsa",
            "Microsoft.Data.Sqlite",
            "Microsoft.Extensions.Logging",
            "SQLitePCL",
            "Gossip.Actors.Runtime",
            "Gossip.Actors.Storage",
            "Gossip.Actors.Transport",
            "Gossip.Actors.Discovery",
            "Gossip.Actors.Diagnostics",
        ];

        [Fact]
        public void The_protocol_is_pure()
        {
            var references = References.Of(typeof(IMachine).Assembly, "Gossip.Actors.Protocol");
            // The scan sees signatures and bodies: it finds what the protocol may use.
            Assert.NotEmpty(References.To(references, typeof(SHA256).FullName!));
            Assert.NotEmpty(References.To(references, "Gossip.Actors.Wire.Proto.Header"));

            var impure = References.To(references, Impure);
            Assert.True(impure.Length == 0, string.Join('\n', impure));
        }

        [Fact]
        public void Trust_is_pure()
        {
            var references = References.Of(typeof(IMachine).Assembly, "Gossip.Actors.Trust");
            Assert.NotEmpty(References.To(references, typeof(Did).FullName!));

            var impure = References.To(references, Impure);
            Assert.True(impure.Length == 0, string.Join('\n', impure));
        }

        [Theory]
        [InlineData("System.Threading.Tasks.Task")]
        [InlineData("System.Threading.Monitor")]
        [InlineData("System.IO.File")]
        [InlineData("System.IO.Stream")]
        [InlineData("System.Net.IPAddress")]
        [InlineData("System.TimeProvider")]
        [InlineData("System.Environment")]
        [InlineData("System.Security.Cryptography.RandomNumberGenerator")]
        public void The_scan_finds_what_it_forbids(string name)
        {
            var references = References.Of(
                typeof(Impurities.Sinner).Assembly, "Gossip.Tests.Impurities");
            Assert.NotEmpty(References.To(references, name));
            Assert.NotEmpty(References.To(References.To(references, name), Impure));
        }

        [Fact]
        public void The_scan_finds_a_node_that_waits()
        {
            var references = References.Of(
                typeof(Gossip.Actors.GossipNode).Assembly, "Gossip.Actors");
            Assert.NotEmpty(References.To(references, "System.Threading.Tasks"));
        }

        [Fact]
        public void An_iterator_is_no_impurity() => Assert.Empty(References.To(
            References.Of(typeof(Pure.Counter).Assembly, "Gossip.Tests.Pure"), Impure));
    }
}

namespace Gossip.Tests.Pure
{
    internal static class Counter
    {
        public static IEnumerable<int> UpTo(int last)
        {
            for (var i = 1; i <= last; i++)
            {
                yield return i;
            }
        }
    }
}

namespace Gossip.Tests.Impurities
{
    /// <summary>Does, once, each thing that a machine must not do.</summary>
    internal sealed class Sinner(TimeProvider time)
    {
        private readonly object _gate = new();
        private readonly IPAddress _address = IPAddress.Loopback;

        public static async Task WaitAsync() => await Task.Yield();

        public static int Draw() => RandomNumberGenerator.GetInt32(6);

        public static long Length(Func<string> path)
        {
            // Deep inside a lambda: the scan must follow closures.
            Func<long> length = () =>
            {
                using Stream stream = File.OpenRead(path());
                return stream.Length;
            };
            return length();
        }

        public string Describe()
        {
            lock (_gate)
            {
                return $"{Environment.MachineName} {_address} {time.GetUtcNow()}";
            }
        }
    }
}
