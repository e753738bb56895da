using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gossip.Host.Configuration.Hocon;

namespace Gossip.Host.Tests.Configuration.Hocon;

/// <summary>Reads HOCON as the program does, and says what it means as JSON.</summary>
internal static class Hocon
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>Everything that the text says, every substitution looked up.</summary>
    public static string ToJson(string text, IReadOnlyDictionary<string, string>? variables = null)
    {
        var (json, errors) = Read(text, variables);
        Assert.True(errors.Count == 0, string.Join('\n', errors));
        return json;
    }

    public static (string Json, IReadOnlyList<string> Errors) Read(
        string text, IReadOnlyDictionary<string, string>? variables = null)
    {
        var reader = new HoconReader(Resource);
        return Finish(reader, reader.ReadText(new("f"), text), variables);
    }

    public static (string Json, IReadOnlyList<string> Errors) ReadFile(string path)
    {
        var reader = new HoconReader(Resource);
        return Finish(reader, reader.ReadFile(path), null);
    }

    /// <summary>The same, however it is written.</summary>
    public static string Normal(string json) =>
        JsonSerializer.Serialize(JsonNode.Parse(json), Plain);

    private static MemoryStream? Resource(string name) =>
        name == "built-in.conf" ? new("r = ${?nowhere}in"u8.ToArray()) : null;

    private static (string Json, IReadOnlyList<string> Errors) Finish(
        HoconReader reader, HoconNode.Object root, IReadOnlyDictionary<string, string>? variables)
    {
        var value = Resolver.Resolve(
            root, [], name => (variables ?? Nothing).GetValueOrDefault(name), reader.Add);
        return (
            JsonSerializer.Serialize(value is null ? null : Node(value.Value), Plain),
            [.. reader.Errors.Select(error => $"{error.Place}: {error.Message}")]);
    }

    private static JsonNode? Node(HoconValue value) => value switch
    {
        HoconValue.Object level => new JsonObject(level.Fields.Select(field =>
            KeyValuePair.Create(field.Key, Node(field.Value.Value)))),
        HoconValue.List list => new JsonArray([.. list.Items.Select(Node)]),
        HoconValue.Scalar { Kind: LiteralKind.Text or LiteralKind.Blank } text =>
            JsonValue.Create(text.Text),
        HoconValue.Scalar scalar => JsonNode.Parse(scalar.Text),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
