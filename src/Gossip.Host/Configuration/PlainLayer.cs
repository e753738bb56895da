using Gossip.Host.Commands;
using Gossip.Host.Configuration.Hocon;
using Gossip.Host.Node;

namespace Gossip.Host.Configuration;

/// <summary>
/// Settings that stand in no file: variables and flags. Their values are taken as they are, so
/// that nobody has to quote twice.
/// </summary>
internal static class PlainLayer
{
    private const string Prefix = "GOSSIP_";

    // What commands are told this way, and secrets, which no setting holds.
    private static readonly string[] NotSettings =
    [
        ClientOptions.ApiVariable, ClientOptions.TokenVariable, ClientOptions.TokenFileVariable,
        ClientOptions.AuthorityVariable, NodeKey.PassphraseVariable,
    ];

    public static HoconNode.Object OfFlags(IEnumerable<Flag> flags)
    {
        var layer = new HoconNode.Object(new(new("flags", false), 1, 1));
        foreach (var flag in flags)
        {
            Assign(layer, Schema.ByPath[flag.Path], flag.Values, $"flag {flag.Name}");
        }

        return layer;
    }

    /// <summary>Each variable that begins like ours is ours, or a mistake.</summary>
    public static HoconNode.Object OfEnvironment(
        IReadOnlyDictionary<string, string> environment, Action<HoconException> report)
    {
        var layer = new HoconNode.Object(new(new("environment", false), 1, 1));
        foreach (var (name, value) in environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || NotSettings.Contains(name))
            {
                continue;
            }

            if (Keys.FirstOrDefault(key => key.Variable == name) is { } key)
            {
                Assign(layer, key, key.IsList ? Split(value) : [value], Name(name));
                continue;
            }

            var meant = Slips.DidYouMean(name, Keys.Select(k => k.Variable));
            report(new(new(new(Name(name), false), 1, 1),
                $"No setting has this variable.{meant} All settings: gossip config reference."));
        }

        return layer;
    }

    /// <summary>gossip.api would be GOSSIP_API, which tells commands where a node is.</summary>
    private static IEnumerable<SettingKey> Keys =>
        Schema.Keys.Where(key => !NotSettings.Contains(key.Variable));

    private static string Name(string variable) => $"environment variable {variable}";

    private static string[] Split(string value) => value.Split(
        ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void Assign(
        HoconNode.Object layer, SettingKey key, IReadOnlyList<string> values, string origin)
    {
        var place = new Place(new(origin, false), 1, 1);
        HoconNode value;
        if (key.IsList)
        {
            var list = new HoconNode.List(place);
            list.Elements.AddRange(values.Select(text => Text(text, place)));
            value = list;
        }
        else
        {
            value = key.IsNullable && values is ["none"]
                ? new HoconNode.Literal("null", LiteralKind.Null, place)
                : Text(values[^1], place);
        }

        layer.Assign(key.Path.Split('.'), new(place, value, false));
    }

    private static HoconNode.Literal Text(string text, Place place) =>
        new(text, LiteralKind.Text, place);
}
