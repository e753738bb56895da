using System.Security.Cryptography;

namespace Gossip.Adversary.Tls;

/// <summary>
/// A TLS 1.3 client in our own hands: each message of the handshake can be left out, repeated or
/// false, which no TLS library lets its user do.
/// </summary>
internal sealed class TlsClient : IAsyncDisposable
{
    private const int ChangeCipherSpec = 20;
    private const int Alert = 21;
    private const int Handshake = 22;
    private const int Application = 23;

    private readonly Wire _wire;
    private readonly ECDiffieHellman _share = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<byte> _transcript = [];
    private RecordKeys? _sending;
    private RecordKeys? _receiving;
    private (byte[] Client, byte[] Server) _application;

    private TlsClient(Wire wire) => _wire = wire;

    /// <summary>How the server said that it ends; null for without a word.</summary>
    public int? AlertCode { get; private set; }

    public Wire Wire => _wire;

    public byte[] TranscriptHash => SHA256.HashData([.. _transcript]);

    public static async Task<TlsClient> ConnectAsync(string address) =>
        new(await Wire.ConnectAsync(address));

    /// <summary>The hello of an honest client, with its key share.</summary>
    public ClientHello Hello()
    {
        var q = _share.ExportParameters(false).Q;
        return new() { Shares = [(TlsKeys.P256Group, [4, .. q.X!, .. q.Y!])] };
    }

    /// <summary>
    /// Says hello and hears the server's part, up to its Finished. False when the server ended it.
    /// </summary>
    public async Task<bool> GreetAsync(ClientHello hello)
    {
        var message = hello.Encode();
        _transcript.AddRange(message);
        await _wire.SendAsync(Spell.Record(Handshake, message, 0x0301));
        if (await ReadServerHelloAsync() is not { } shared)
        {
            return false;
        }

        var keys = new TlsKeys(shared, TranscriptHash);
        (_sending, _receiving) = (new(keys.ClientSecret), new(keys.ServerSecret));
        if (!await ReadServerFinishedAsync())
        {
            return false;
        }

        _application = keys.Application(TranscriptHash);
        _receiving = new(_application.Server);
        return true;
    }

    /// <summary>Certificate, CertificateVerify, Finished; from now on data can be sent.</summary>
    public async Task AnswerAsync(Credentials own)
    {
        await SayAsync(own.CertificateMessage());
        await SayAsync(own.VerifyMessage(TranscriptHash));
        await FinishAsync();
    }

    public async Task FinishAsync()
    {
        await SayAsync(FinishedMessage());
        UseApplicationKeys();
    }

    public byte[] FinishedMessage() => Spell.Message(
        20, TlsKeys.Finished(_sending!.Secret, TranscriptHash));

    public void UseApplicationKeys() => _sending = new(_application.Client);

    /// <summary>A handshake message under the present keys, in records of 16 KiB at most.</summary>
    public async Task SayAsync(byte[] message)
    {
        _transcript.AddRange(message);
        foreach (var part in message.Chunk(16_000))
        {
            await SendRecordAsync(Handshake, part);
        }
    }

    public async Task SendAsync(byte[] data)
    {
        foreach (var part in data.Length == 0 ? [data] : data.Chunk(16_000))
        {
            await SendRecordAsync(Application, part);
        }
    }

    public Task SendRecordAsync(int type, byte[] content) =>
        _wire.SendAsync(_sending!.Seal(type, content));

    public byte[] Seal(int type, byte[] content) => _sending!.Seal(type, content);

    /// <summary>The server's next data; null at the end, which may be a reset.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        while (await ReadRecordAsync() is var (type, content))
        {
            switch (type)
            {
                case Application:
                    return content;
                case Alert:
                    AlertCode = content[^1];
                    return null;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _share.Dispose();
        _sending?.Dispose();
        _receiving?.Dispose();
        await _wire.DisposeAsync();
    }

    private async Task<byte[]?> ReadServerHelloAsync()
    {
        while (await ReadRecordAsync() is var (type, content))
        {
            if (type != Handshake || content[0] != 2)
            {
                AlertCode = type == Alert ? content[^1] : null;
                return null;
            }

            _transcript.AddRange(content);
            return Share(content) is { } point ? Agree(point) : null;
        }

        return null;
    }

    /// <summary>Null for a hello that asks to try again.</summary>
    private static byte[]? Share(byte[] serverHello)
    {
        // Type, length, version, random, session id, suite, compression; then the extensions.
        var at = 4 + 2 + 32;
        at += 1 + serverHello[at] + 2 + 1 + 2;
        while (at < serverHello.Length)
        {
            var (type, length) = (Number(serverHello, at), Number(serverHello, at + 2));
            if (type == 51 && length == 2 + 2 + 65)
            {
                return serverHello[(at + 8)..(at + 4 + length)];
            }

            at += 4 + length;
        }

        return null;
    }

    private byte[] Agree(byte[] point)
    {
        using var server = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = point[1..33], Y = point[33..] },
        });
        return _share.DeriveRawSecretAgreement(server.PublicKey);
    }

    private async Task<bool> ReadServerFinishedAsync()
    {
        var pending = new List<byte>();
        while (await ReadRecordAsync() is var (type, content))
        {
            if (type != Handshake)
            {
                AlertCode = type == Alert ? content[^1] : null;
                return false;
            }

            pending.AddRange(content);
            while (pending.Count >= 4 && pending.Count >= 4 + Length(pending))
            {
                var message = pending[..(4 + Length(pending))];
                pending.RemoveRange(0, message.Count);
                _transcript.AddRange(message);
                if (message[0] == 20)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<(int Type, byte[] Content)?> ReadRecordAsync()
    {
        while (await _wire.ReadAsync(5) is { } head)
        {
            if (await _wire.ReadAsync(Number(head, 3)) is not { } body)
            {
                return null;
            }

            if (head[0] == ChangeCipherSpec)
            {
                continue;
            }

            return head[0] == Application && _receiving is not null
                ? _receiving.Open(head, body)
                : (head[0], body);
        }

        return null;
    }

    private static int Length(List<byte> message) =>
        (message[1] << 16) | (message[2] << 8) | message[3];

    private static int Number(byte[] bytes, int at) => (bytes[at] << 8) | bytes[at + 1];
}
