using System.Text.Encodings.Web;
using System.Text.Json;
using Gossip.Tests.Nodes;

namespace Gossip.Akka.Tests.PostgreSql;

/// <summary>Whole nodes whose journals lie in PostgreSQL, set up as their files would say it.
/// </summary>
[Collection(PostgreSqlCollection.Name)]
[Trait("Row", "G9")]
public sealed class PostgreSqlNodeTests(PostgreSqlServer server)
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [PostgreSqlFact]
    public async Task Two_nodes_converge_and_one_that_starts_again_goes_on_where_it_was()
    {
        var connections = new Dictionary<string, string>
        {
            ["a"] = await server.ConnectionAsync(),
            ["b"] = await server.ConnectionAsync(),
        };
        await using var cluster = new Cluster
        {
            Runtime = (name, options) => new AkkaRuntime(options, Hocon(connections[name])),
        };
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        for (var i = 0; i < 10; i++)
        {
            await Cluster.PublishAsync(i % 2 == 0 ? a : b, $"{i}");
        }

        await Cluster.ConvergeAsync(10, a, b);
        await cluster.StopAsync(b);
        await Cluster.PublishAsync(a, "while b is away");
        b = await cluster.StartAsync("b", null, a);
        await Cluster.PublishAsync(b, "back");
        await Cluster.ConvergeAsync(12, a, b);
        Assert.Equal(
            (await Cluster.ReadAllAsync(a)).Order(), (await Cluster.ReadAllAsync(b)).Order());

        // The same log: its number went on.
        Assert.Equal(2, (await Cluster.StatusAsync(a)).Statistics.Logs);
        Assert.False(File.Exists(Path.Combine(cluster.DirectoryOf("b"), "journal.db")));
    }

    private static string Hocon(string connection)
    {
        var where = $$"""
            { provider-name = "PostgreSQL.15", connection-string = {{JsonSerializer.Serialize(
                connection, Plain)}} }
            """;
        return $"akka.persistence {{ journal.sql {where}\nsnapshot-store.sql {where} }}";
    }
}
