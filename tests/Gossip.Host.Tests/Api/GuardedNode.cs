using Gossip.Host.Api;

namespace Gossip.Host.Tests.Api;

/// <summary>With tokens and TLS, as it stands in a network.</summary>
public sealed class GuardedNode : IAsyncLifetime
{
    private readonly string _folder =
        Directory.CreateTempSubdirectory("gossip-owasp-").FullName;

    internal ApiRig Rig { get; private set; } = null!;

    internal Dictionary<string, string> Tokens { get; private set; } = [];

    internal static ApiSettings Settings(string folder)
    {
        var (certificate, key) = ApiRig.Certificate(folder);
        return new()
        {
            Tokens = ApiRig.Tokens(folder).Path,
            Certificate = certificate,
            CertificateKey = key,
        };
    }

    public async Task InitializeAsync()
    {
        var http = Settings(_folder);
        File.Delete(http.Tokens!);
        Tokens = ApiRig.Tokens(_folder).Tokens;
        Rig = await ApiRig.StartAsync(http, "0.0.0.0:0");
    }

    public async Task DisposeAsync()
    {
        await Rig.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
