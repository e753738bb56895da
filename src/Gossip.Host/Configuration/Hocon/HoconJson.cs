using System.Text;
using System.Text.Json;

namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// A resolved part of a configuration as JSON, which every reader of HOCON takes: for programs
/// whose keys stand in the same file.
/// </summary>
internal static class HoconJson
{
    public static string Write(HoconValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, HoconValue value)
    {
        switch (value)
        {
            case HoconValue.Object(var fields, _):
                writer.WriteStartObject();
                foreach (var (name, field) in fields)
                {
                    writer.WritePropertyName(name);
                    Write(writer, field.Value);
                }

                writer.WriteEndObject();
                break;
            case HoconValue.List(var items, _):
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case HoconValue.Scalar { IsNull: true }:
                writer.WriteNullValue();
                break;
            case HoconValue.Scalar(var text, _, _):
                // Numbers, too: HOCON reads them from text, and they stay as they were written.
                writer.WriteStringValue(text);
                break;
        }
    }
}
