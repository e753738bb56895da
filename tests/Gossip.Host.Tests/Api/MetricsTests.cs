using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Gossip.Actors.Protocol;
using Gossip.Host.Api;

namespace Gossip.Host.Tests.Api;

/// <summary>Does whoever scrapes a node see what it counted?</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public async Task A_scrape_shows_a_known_workload_exactly()
    {
        await using var rig = await ApiRig.StartAsync(new());
        var client = rig.Client();
        for (var i = 0; i < 3; i++)
        {
            using var body = new StringContent($"{i}");
            using var published = await client.PostAsync("/topics/news/entries", body);
            Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        }

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/status");
        foreign.Headers.Host = "elsewhere.example";
        using var refused = await client.SendAsync(foreign);

        var text = await client.GetStringAsync("/metrics");
        Assert.Contains("\ngossip_payloads_published_total 3\n", text, StringComparison.Ordinal);
        Assert.Contains("\ngossip_ready 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\ngossip_peers_connected 0\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "\ngossip_api_rejected_total{limit=\"host\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_limit_has_its_counter_its_use_and_its_bound()
    {
        await using var rig = await ApiRig.StartAsync(new());
        var text = await rig.Client().GetStringAsync("/metrics");
        foreach (var limit in Enum.GetValues<LimitKind>())
        {
            var name = Words().Replace(limit.ToString(), "-$1").ToLowerInvariant();
            Assert.Contains($"\ngossip_limit_rejected_total{{limit=\"{name}\"}} 0\n", text,
                StringComparison.Ordinal);
            Assert.Contains($"\ngossip_limit_max{{limit=\"{name}\"}} ", text,
                StringComparison.Ordinal);
        }

        Assert.Contains("\ngossip_limit_used{limit=\"publishes\"} 0\n", text,
            StringComparison.Ordinal);
    }

    /// <summary>A family's lines stand together, below one line of help and one of type.</summary>
    [Fact]
    public async Task It_is_written_as_Prometheus_reads_it()
    {
        await using var rig = await ApiRig.StartAsync(new());
        using var answer = await rig.Client().GetAsync("/metrics");
        Assert.Equal(
            MediaTypeHeaderValue.Parse("text/plain; version=0.0.4; charset=utf-8"),
            answer.Content.Headers.ContentType);

        var text = await answer.Content.ReadAsStringAsync();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = text[..^1].Split('\n');
        var (families, at) = (new HashSet<string>(), 0);
        while (at < lines.Length)
        {
            var name = lines[at].Split(' ')[2];
            Assert.True(families.Add(name));
            Assert.StartsWith($"# HELP {name} ", lines[at], StringComparison.Ordinal);
            Assert.Matches($"^# TYPE {name} (counter|gauge)$", lines[at + 1]);
            at += 2;
            var values = 0;
            while (at < lines.Length && !lines[at].StartsWith('#'))
            {
                Assert.Matches($"^{name}({{[a-z]+=\"[a-z0-9-]+\"}})? -?[0-9]+$", lines[at]);
                (at, values) = (at + 1, values + 1);
            }

            Assert.True(values > 0);
        }
    }

    [Fact]
    public void Whatever_a_label_says_it_stays_one_line()
    {
        var text = new MetricsText()
            .Add("a.b", false, "Help.", -1, KeyValuePair.Create("c", (object?)"\"\n\\"))
            .ToString();
        Assert.Equal("# HELP a_b Help.\n# TYPE a_b gauge\na_b{c=\"\\\"\\n\\\\\"} -1\n", text);
    }

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex Words();
}
