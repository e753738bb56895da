using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Nodes;

/// <summary>What does a publisher get: receipts, peers that hold it, and nothing twice?</summary>
public sealed class PublishTests
{
    private static readonly CancellationToken Go = CancellationToken.None;
    private readonly MemoryNetwork _network = new();

    [Fact]
    [Row("G12")]
    public async Task A_retry_with_a_key_writes_nothing_and_gets_the_first_receipts()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        var first = await PublishAsync(node, "order-1", "one", "two");
        Assert.Equal(first.AsEnumerable(), await PublishAsync(node, "order-1", "one", "two"));

        await cluster.StopAsync(node);
        node = await cluster.StartAsync("a", null);
        Assert.Equal(first.AsEnumerable(), await PublishAsync(node, "order-1", "one", "two"));
        await PublishAsync(node, "order-2", "three");
        Assert.Equal(["one", "two", "three"], await Cluster.ReadAllAsync(node));
    }

    [Fact]
    [Row("G12")]
    public async Task Of_a_hundred_publishes_at_once_under_one_key_one_is_written()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        var all = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => PublishAsync(node, "same", $"{i}")));
        Assert.Single(all.Select(r => Assert.Single(r)).Distinct());
        Assert.Single(await Cluster.ReadAllAsync(node));
    }

    /// <summary>As many may wait for their commit as for room in front of it.</summary>
    [Fact]
    [Row("G12")]
    public async Task A_full_mailbox_makes_publishers_wait_and_refuses_none()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync(
            "a", o => o with { Sizes = o.Sizes with { MailboxMax = 64, PublishesMax = 4096 } });
        var all = await Task.WhenAll(Enumerable.Range(0, 20_000)
            .Select(i => node.PublishAsync(Cluster.Topic, new byte[] { (byte)i }, Go)));
        Assert.Equal(20_000, all.Select(r => (r.Dot, r.Index)).Distinct().Count());
    }

    [Fact]
    [Row("G11")]
    public async Task With_acks_a_publish_waits_for_peers_and_its_receipt_names_them()
    {
        await using var cluster = new Cluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var c = await cluster.StartAsync("c", null, a, b);
        var receipts = await a.PublishAsync(
            Cluster.Topic, Payloads("kept"), new() { Acks = Acks.Peers(2) }, Go);
        Assert.Equal(
            new[] { b.Did, c.Did }.Order(), Assert.Single(receipts).Holders.AsEnumerable());
        Assert.Equal(["kept"], await Cluster.ReadAllAsync(b));
        Assert.Equal(["kept"], await Cluster.ReadAllAsync(c));
    }

    [Fact]
    [Row("G11")]
    public async Task Without_push_a_round_brings_the_acknowledgement()
    {
        await using var cluster = new Cluster(_network);
        var a = await cluster.StartAsync("a", o => o with { Push = false });
        await cluster.StartAsync("b", o => o with { Push = false }, a);
        var receipts = await a.PublishAsync(
            Cluster.Topic, Payloads("kept"), new() { Acks = Acks.Peers(1) }, Go);
        Assert.Single(receipts[0].Holders);
    }

    [Fact]
    [Row("G11")]
    public async Task At_the_deadline_the_error_says_who_holds_it_and_the_entry_stays()
    {
        await using var cluster = new Cluster(_network);
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        await Cluster.PublishAsync(a, "first");
        await Cluster.ConvergeAsync(1, a, b);
        var options = new PublishOptions
        {
            Acks = Acks.Peers(2),
            AcksTimeout = TimeSpan.FromSeconds(1),
        };
        var missing = await Assert.ThrowsAsync<AcknowledgementException>(
            () => a.PublishAsync(Cluster.Topic, Payloads("second"), options, Go));
        Assert.Equal("acks-missing", missing.Code);
        Assert.Equal(b.Did, Assert.Single(missing.Receipts[0].Holders));
        Assert.Contains("1 of 2", missing.Message, StringComparison.Ordinal);
        await Cluster.ConvergeAsync(2, a, b);
    }

    [Fact]
    [Row("G11")]
    public async Task Who_waits_for_peers_when_the_node_stops_is_told_what_is_known()
    {
        await using var cluster = new Cluster(_network);
        var a = await cluster.StartAsync("a", null);
        var waiting = a.PublishAsync(
            Cluster.Topic, Payloads("alone"), new() { Acks = Acks.Peers(1) }, Go);
        await Cluster.ConvergeAsync(1, a);
        await cluster.StopAsync(a);
        Assert.Empty((await Assert.ThrowsAsync<AcknowledgementException>(() => waiting))
            .Receipts[0].Holders);
    }

    [Theory]
    [InlineData(0xd800, "payload-header-invalid")]
    [InlineData(0xdc00, "payload-header-invalid")]
    [InlineData(0xe9, null)]
    [Row("F8")]
    public async Task A_header_that_is_no_text_is_refused_and_the_topic_goes_on(
        int character, string? code)
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        var payload = new Payload(new byte[1], [new("name", $"cut {(char)character}")]);
        var refused = await Record.ExceptionAsync(
            () => node.PublishAsync(Cluster.Topic, [payload], Go));
        Assert.Equal(code, (refused as GossipException)?.Code);
        await Cluster.PublishAsync(node, "next");
        Assert.Equal(0, node.Status().Counters["restarts"]);
    }

    [Fact]
    [Row("F8")]
    public async Task A_publish_with_an_absurd_timeout_is_refused_before_it_is_written()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        var refused = await Assert.ThrowsAsync<GossipException>(() => node.PublishAsync(
            Cluster.Topic, Payloads("x"), new() { AcksTimeout = TimeSpan.FromDays(-1) }, Go));
        Assert.Equal("acks-timeout-invalid", refused.Code);
        Assert.Empty(await Cluster.ReadAllAsync(node));
        Assert.Throws<FormatException>(() => new PublishKey("half \ud800"));
        Assert.Throws<FormatException>(() => new PublishKey(new string('é', 129)));
    }

    [Fact]
    [Row("G15")]
    public async Task A_log_that_its_author_ended_is_closed_everywhere_and_nothing_is_lost()
    {
        await using var cluster = new Cluster(_network);
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var before = await Cluster.PublishAsync(a, "before");
        await a.EndLogAsync(Cluster.Topic, Go);
        await a.EndLogAsync(Cluster.Topic, Go);
        var late = await cluster.StartAsync("c", null, b);
        await Cluster.ConvergeAsync(1, a, b, late);
        foreach (var node in new[] { a, b, late })
        {
            var closure = Assert.Single((await Cluster.StatusAsync(node)).Closures);
            Assert.True(closure.Proof.IsEnd);
            Assert.Equal((before[0].Dot.Log, 3L), (closure.Proof.First.Header.Log, closure.Slot));
            Assert.Empty((await Cluster.StatusAsync(node)).Blocked);
        }

        var after = await Cluster.PublishAsync(a, "after");
        Assert.NotEqual(before[0].Dot.Log, after[0].Dot.Log);
        await Cluster.ConvergeAsync(2, a, b, late);
        Assert.Equal(["before", "after"], await Cluster.ReadAllAsync(late));
    }

    private static ImmutableArray<Payload> Payloads(params string[] texts) =>
        [.. texts.Select(t => new Payload(System.Text.Encoding.UTF8.GetBytes(t)))];

    private static Task<ImmutableArray<Receipt>> PublishAsync(
        GossipNode node, string key, params string[] texts) =>
        node.PublishAsync(Cluster.Topic, Payloads(texts), new() { Key = new(key) }, Go);
}
