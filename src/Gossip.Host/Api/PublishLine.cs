using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>
/// Which payload does a line of a batch spell? Its bytes stay where they are: what is escaped or
/// in base64 never grows when it is read, so it is written over its own spelling.
/// </summary>
internal static class PublishLine
{
    /// <exception cref="FormatException">Says what is wrong with the line.</exception>
    public static Payload Read(Memory<byte> line)
    {
        if (JsonWords.Odd(line.Span) is { } reason)
        {
            throw new FormatException(reason);
        }

        try
        {
            return ReadObject(line);
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
        catch (InvalidOperationException e)
        {
            // The reader's word for half a surrogate pair.
            throw new FormatException("a text that is no Unicode", e);
        }
    }

    private static Payload ReadObject(Memory<byte> line)
    {
        ReadOnlyMemory<byte>? data = null, base64 = null;
        ImmutableArray<KeyValuePair<string, string>>? headers = null;
        var reader = new Utf8JsonReader(line.Span);
        Expect(ref reader, JsonTokenType.StartObject, "an object, { … }");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8) && data is null)
            {
                data = Text(ref reader, line);
            }
            else if (reader.ValueTextEquals("base64"u8) && base64 is null)
            {
                base64 = FromBase64(Text(ref reader, line));
            }
            else if (reader.ValueTextEquals("headers"u8) && headers is null)
            {
                headers = Headers(ref reader);
            }
            else
            {
                throw new FormatException($"\"{reader.GetString()}\" is not known, or stands "
                    + "there twice; there are data, base64 and headers");
            }
        }

        // The reader refuses whatever follows.
        reader.Read();
        return data is null != base64 is null
            ? new(data ?? base64!.Value, headers ?? [])
            : throw new FormatException("exactly one of \"data\" and \"base64\" is needed");
    }

    /// <summary>Null for null.</summary>
    private static Memory<byte>? Text(ref Utf8JsonReader reader, Memory<byte> line)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw new FormatException("a payload is a text in quotes");
        }

        var start = (int)reader.TokenStartIndex + 1;
        var spelled = line.Slice(start, reader.ValueSpan.Length);
        if (!reader.ValueIsEscaped)
        {
            return Utf8.IsValid(spelled.Span)
                ? spelled
                : throw new FormatException("a text that is no UTF-8");
        }

        var room = ArrayPool<byte>.Shared.Rent(spelled.Length);
        try
        {
            var length = reader.CopyString(room);
            room.AsSpan(0, length).CopyTo(spelled.Span);
            return spelled[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static Memory<byte>? FromBase64(Memory<byte>? text) =>
        text is not { } spelled ? null
            : Base64.DecodeFromUtf8InPlace(spelled.Span, out var length) == OperationStatus.Done
            ? spelled[..length]
            : throw new FormatException("\"base64\" is not base64");

    /// <summary>By name, so that they are the same however they were written.</summary>
    private static ImmutableArray<KeyValuePair<string, string>> Headers(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("headers are an object of texts");
        }

        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, "a header's value, a text in quotes");
            headers.Add(new(name, reader.GetString()!));
        }

        headers.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key));
        for (var i = 1; i < headers.Count; i++)
        {
            if (headers[i].Key == headers[i - 1].Key)
            {
                throw new FormatException($"the header \"{headers[i].Key}\" stands there twice");
            }
        }

        return headers.DrainToImmutable();
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        reader.Read();
        if (reader.TokenType != type)
        {
            throw new FormatException($"expected {what}");
        }
    }
}
