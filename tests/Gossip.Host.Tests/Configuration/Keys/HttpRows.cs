using System.Net;
using System.Net.Sockets;
using System.Text;
using Gossip.Host.Api;
using Gossip.Host.Tests.Api;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Keys of the HTTP API, seen by who asks it.</summary>
internal static class HttpRows
{
    /// <summary>
    /// Seconds until whoever is to be cut off by now surely is, on a busy machine too: the web
    /// server counts a second for each of its beats, however late they come.
    /// </summary>
    private const double Long = 12;

    /// <summary>Their files lie in a folder of the test's.</summary>
    public static KeyRow[] In(string folder) =>
        All(ApiRig.Tokens(folder).Path, ApiRig.Certificate(folder));

    private static KeyRow[] All(string tokens, (string Certificate, string Key) tls) =>
    [
        new("http.certificate",
            $"\"{tls.Certificate}\"\ngossip.http.certificate-key = \"{tls.Key}\"", "https",
            s => AskAsync(s.Http, rig => Task.FromResult(rig.Address.Scheme))),
        new("http.certificate-key",
            $"\"{tls.Key}\"\ngossip.http.certificate = \"{tls.Certificate}\"", "https",
            s => AskAsync(s.Http, rig => Task.FromResult(rig.Address.Scheme))),
        new("http.tokens", $"\"{tokens}\"", "Unauthorized",
            s => AskAsync(s.Http, rig => StatusAsync(rig))),
        new("http.hosts", "[node.example]", "OK", s => AskAsync(s.Http, rig =>
            StatusAsync(rig, request => request.Headers.Host = "node.example"))),
        new("http.open-max", "1", "no room", s => AskAsync(s.Http, async rig =>
        {
            var (first, second) = (rig.Client(), rig.Client());
            await first.GetAsync("/status");
            return await CanAskAsync(second) ? "room" : "no room";
        })),
        new("http.waiting-max", "1", "1 gave way", s => AskAsync(s.Http, async rig =>
        {
            using var stranger = await rig.ConnectAsync();
            return $"{await rig.RejectedAsync("connections-waiting")} gave way";
        })),
        new("http.open-per-address-max", "1", "1 of 2", s =>
        {
            var (connections, somebody) = (new Connections(s.Http, new()), new IPAddress(1));
            var taken = Enumerable.Range(0, 2)
                .Count(_ => connections.Enter(somebody, () => { }) is not null);
            return Task.FromResult($"{taken} of 2");
        }),
        new("http.tls-timeout", "60 s", "still there", s => AskAsync(
            s.Http with { Certificate = tls.Certificate, CertificateKey = tls.Key },
            rig => SilentAsync(rig, "", Long))),
        new("http.head-timeout", "100 ms", "cut off", s => AskAsync(s.Http, rig =>
            SilentAsync(rig, "GET / HT", 9))),
        new("http.keep-alive-timeout", "100 ms", "cut off", s => AskAsync(s.Http, rig =>
            SilentAsync(rig, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", Long))),
        new("http.head-bytes-max", "1 KiB", "RequestHeaderFieldsTooLarge", s =>
            AskAsync(s.Http, rig => StatusAsync(rig, request =>
                request.Headers.Add("X-Long", new string('x', 2048))))),
        new("http.body-bytes-max", "1 KiB", "RequestEntityTooLarge", s =>
            AskAsync(s.Http, async rig =>
            {
                using var body = new StringContent(
                    $"{{\"data\":\"{new string('x', 2048)}\"}}", null, PublishBody.BatchType);
                using var answer = await rig.Client().PostAsync("/topics/news/entries", body);
                return $"{answer.StatusCode}";
            })),
        new("http.bodies-bytes-max", "6 MiB", "ServiceUnavailable", s =>
            AskAsync(s.Http, async rig =>
            {
                using var socket = await rig.ConnectAsync();
                await socket.SendAsync(Encoding.ASCII.GetBytes(
                    Post(s.Http.BodyBytesMax).Replace("\r\n\r\n",
                        "\r\nExpect: 100-continue\r\nContent-Type: application/x-ndjson\r\n\r\n",
                        StringComparison.Ordinal)));

                // It is told to go on once it is being read.
                await socket.ReceiveAsync(new byte[4096]);
                using var body = new StringContent("x");
                using var answer = await rig.Client().PostAsync("/topics/news/entries", body);
                return $"{answer.StatusCode}";
            })),
        new("http.rate-bytes-min", "1048576", "cut off", s => AskAsync(
            s.Http with { RateGrace = TimeSpan.FromSeconds(2) },
            rig => SilentAsync(rig, Post(200_000), Long, TimeSpan.FromMilliseconds(100)))),
        new("http.rate-grace", "60 s", "still there", s => AskAsync(s.Http, rig =>
            SilentAsync(rig, Post(4000), Long))),
        new("http.requests-per-second", "1", "few of 60", s => AskAsync(
            s.Http with { RequestsBurst = 20 },
            async rig =>
            {
                var answered = 0;
                for (var i = 0; i < 60; i++)
                {
                    answered += await StatusAsync(rig) == "OK" ? 1 : 0;
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
                }

                // A burst, and then one a second: nothing stalls for twenty of them.
                return answered > 40 ? "most of 60" : "few of 60";
            })),
        new("http.requests-burst", "3", "few of 20", s => AskAsync(
            s.Http with { RequestsPerSecond = 1 },
            async rig =>
            {
                var answers = await Task.WhenAll(
                    Enumerable.Range(0, 20).Select(_ => StatusAsync(rig)));
                return answers.Count(answer => answer == "OK") > 10 ? "most of 20" : "few of 20";
            })),
    ];

    private static async Task<string> AskAsync(
        ApiSettings http, Func<ApiRig, Task<string>> observeAsync)
    {
        await using var rig = await ApiRig.StartAsync(http);
        return await observeAsync(rig).WaitAsync(GossipProcess.Deadline);
    }

    private static async Task<string> StatusAsync(
        ApiRig rig, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version");
        with?.Invoke(request);
        using var answer = await rig.Client().SendAsync(request);
        return $"{answer.StatusCode}";
    }

    private static string Post(int bytes) =>
        "POST /topics/news/entries HTTP/1.1\r\nHost: localhost\r\n"
        + $"Content-Length: {bytes}\r\n\r\n";

    /// <summary>
    /// Whether the node ends the connection of one who says this, and then nothing or one letter
    /// in so much time.
    /// </summary>
    private static async Task<string> SilentAsync(
        ApiRig rig, string said, double seconds, TimeSpan? letter = null)
    {
        using var socket = await rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(said));
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var ended = EndAsync(stream, enough.Token);
        while (letter is { } pause && !ended.IsCompleted)
        {
            await Task.WhenAny(ended, Task.Delay(pause, TimeProvider.System));
            try
            {
                // Some 10,000 bytes a second: no stall of the machine makes that too slow.
                await stream.WriteAsync(new byte[1000]);
            }
            catch (IOException)
            {
                break;
            }
        }

        return await ended;
    }

    private static async Task<string> EndAsync(NetworkStream stream, CancellationToken stop)
    {
        try
        {
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, stop) > 0)
            {
                // An answer, and then the end.
            }

            return "cut off";
        }
        catch (IOException)
        {
            return "cut off";
        }
        catch (OperationCanceledException)
        {
            return "still there";
        }
    }

    private static async Task<bool> CanAskAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync("/status")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
