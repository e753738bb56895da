using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gossip.Tests.Storage;
using Npgsql;

namespace Gossip.Akka.Tests.PostgreSql;

/// <summary>A server for these tests alone, on a port and in a directory that nobody else has.
/// </summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private const string Password = "not a secret; 'quoted'";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestDirectory _directory = new();
    private readonly int _port = FreePort();
    private Process? _server;
    private int _databases;

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing { get; } = Programs is null
        ? "No PostgreSQL server is installed; on Debian: apt-get install postgresql."
        : null;

    /// <summary>Of the newest version that Debian's packages have put there.</summary>
    private static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var v) ? v : 0)
            .Select(d => Path.Combine(d, "bin"))
            .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
        : null;

    private string Data => _directory.File("data");

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        await File.WriteAllTextAsync(_directory.File("password"), Password);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", User, _directory.Path);
        }

        await RunAsync(
            "initdb", "-D", Data, "-U", "gossip", "--auth=scram-sha-256", "--no-sync",
            "--pwfile", _directory.File("password"));
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
        }

        _directory.Dispose();
    }

    /// <summary>Of a new, empty database.</summary>
    public async Task<string> ConnectionAsync()
    {
        var name = $"node_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return Connection(name);
    }

    /// <summary>Syncing would only wait: no test takes the power away.</summary>
    public async Task StartAsync()
    {
        _server = Start(
            "postgres", "-D", Data, "-p", $"{_port}", "-k", _directory.Path, "-c", "fsync=off",
            "-c", "listen_addresses=127.0.0.1", "-c", "log_min_messages=fatal");
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Connection("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (watch.Elapsed < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    /// <summary>As a crash does; it recovers when it is started again.</summary>
    public async Task KillAsync()
    {
        // Its own children end when they see that it is gone, and only then may another begin.
        await RunAsync("pg_ctl", "stop", "-D", Data, "-m", "immediate");
        await _server!.WaitForExitAsync();
        _server.Dispose();
        _server = null;
        NpgsqlConnection.ClearAllPools();
    }

    private static string User =>
        File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres"
            : "nobody";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Connection(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Database = database,
        Username = "gossip",
        Password = Password,
    }.ToString();

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var said = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {string.Concat(said)}");
    }

    /// <summary>PostgreSQL's programs refuse to run as root.</summary>
    private static Process Start(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        var isOurs = File.Exists(path);
        string[] command =
        [
            .. isOurs && Environment.IsPrivilegedProcess
                ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"]
                : Array.Empty<string>(),
            isOurs ? path : program,
            .. arguments,
        ];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
    }
}
