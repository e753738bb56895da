namespace Gossip.Tests.Library;

/// <summary>Do the samples do what their comments say?</summary>
[Trait("Row", "F11")]
[Trait("Row", "F12")]
public sealed class SamplesTests
{
    public static TheoryData<string, string> Expected => new()
    {
        { "acknowledge", """
            held by the member: True
            acks-missing: published, 1 of 2 hold it
            """ },
        { "end-log", "closed at 3, by its author: True" },
        { "errors", """
            topic-unknown:
            payload-too-large:
            subscription-name:
            actor-unknown:
            """ },
        { "events", "Received an entry of the seed" },
        { "hosting", "2 words in the host" },
        { "named-subscription", """
            billed one
            billed two
            goes on after 2, 1 behind
            after a reset 3 behind
            """ },
        { "publish", """
            one payload at 1[0]
            2 payloads in one entry, 2
            a retry is the same entry: True
            """ },
        { "subscribe", """
            1: question
            2: answer
            """ },
        { "sync", "equal with the seed: True" },
        { "topic-actor", "5 words" },
        { "trust", "0.7 × 0 + 0.3 × (0.9 × 0.7) / 1 = 0.189, by 1 path" },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task A_sample_says_what_it_shows(string name, string lines)
    {
        using var deadline = new CancellationTokenSource(
            TimeSpan.FromSeconds(60), TimeProvider.System);
        await using var output = new StringWriter { NewLine = "\n" };
        await Gossip.Samples.Samples.All[name](output, deadline.Token);
        var said = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var expected = lines.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(expected.Length, said.Length);
        Assert.All(expected.Zip(said), pair =>
            Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_sample_is_expected_here() => Assert.Equal(
        Gossip.Samples.Samples.All.Keys.Order(StringComparer.Ordinal),
        Expected.Select(row => (string)row[0]));
}
