using Akka.Actor;
using Akka.Configuration;
using Gossip.Actors;
using Gossip.Akka.Persistence;

namespace Gossip.Akka.Tests.Persistence;

public sealed class JournalPlaceTests
{
    [Theory]
    [InlineData("Host=db;Database=one;Password=secret", "PostgreSQL.15, one at db")]
    [InlineData("host=db;database=one;pwd=secret", "PostgreSQL.15, one at db")]
    [InlineData("Service=mine;Password=secret", "PostgreSQL.15")]
    public void A_server_is_named_and_its_password_is_not(string connection, string name) =>
        With(JournalConfig.PostgreSql(connection), system =>
            Assert.Equal((name, $"{name}, Akka journal"), (
                JournalPlace.Of(system).Name, JournalPlace.Of(system).Description)));

    [Fact]
    public void What_is_no_connection_string_is_said_to_be_none() =>
        With(JournalConfig.PostgreSql("Host=\"db;Password=secret"), system =>
        {
            var failure = Assert.Throws<GossipException>(() => JournalPlace.Of(system));
            Assert.Equal("options-invalid", failure.Code);
            Assert.StartsWith(JournalConfig.Journal, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("provider-name = PostgreSQL.14")]
    [InlineData("connection-string = \"Host=b\"")]
    public void Journal_and_snapshots_in_two_places_are_refused(string setting) =>
        With(
            ConfigurationFactory.ParseString($"{JournalConfig.Journal} {{ {setting} }}")
                .WithFallback(JournalConfig.PostgreSql("Host=a")),
            system =>
            {
                var failure = Assert.Throws<GossipException>(() => JournalPlace.Of(system));
                Assert.Equal("options-invalid", failure.Code);
                Assert.Contains(
                    JournalConfig.Snapshots, failure.Message, StringComparison.Ordinal);
            });

    private static void With(Config config, Action<ActorSystem> check)
    {
        using var system = ActorSystem.Create("test", config);
        check(system);
    }
}
