using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Gossip.Host.Client;

/// <summary>Lines on their way into one request: at most 500 of them, and 256 KiB.</summary>
internal sealed class LineBatch : IDisposable
{
    /// <summary>Lines share one entry, one signature, one commit: more would gain little.</summary>
    public const int LinesMax = 500;

    /// <summary>Small enough that an interrupted command leaves little undecided.</summary>
    public const int BytesMax = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly Utf8JsonWriter _json;
    private int _bytes;

    public LineBatch() => _json = new(_body, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <summary>False when the batch must be sent first. A large line goes alone.</summary>
    public bool TryAdd(ReadOnlySequence<byte> line)
    {
        if (Count > 0 && (Count == LinesMax || _bytes + line.Length > BytesMax))
        {
            return false;
        }

        var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        _json.Reset();
        _json.WriteStartObject();
        if (Utf8.IsValid(bytes))
        {
            _json.WriteString("data"u8, bytes);
        }
        else
        {
            _json.WriteBase64String("base64"u8, bytes);
        }

        _json.WriteEndObject();
        _json.Flush();
        _body.Write("\n"u8);
        _bytes += bytes.Length;
        Count++;
        return true;
    }

    public void Clear()
    {
        _body.ResetWrittenCount();
        _bytes = 0;
        Count = 0;
    }

    public void Dispose() => _json.Dispose();
}
