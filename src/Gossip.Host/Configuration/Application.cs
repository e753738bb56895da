using Gossip.Host.Configuration.Hocon;

namespace Gossip.Host.Configuration;

/// <summary>
/// Sets what a configuration says. Every key that does not exist, every value that cannot be, and
/// values that do not go together are errors; the rest is set all the same, to find them all.
/// </summary>
internal sealed class Application(Action<HoconException> report)
{
    private readonly Dictionary<string, (Place Place, HoconValue Value)> _set =
        new(StringComparer.Ordinal);
    private int _unknown;

    public Settings Settings { get; private set; } = new(new(), "");

    public IReadOnlyDictionary<string, Place> Origins =>
        _set.ToDictionary(set => set.Key, set => set.Value.Place, StringComparer.Ordinal);

    public void Apply(HoconValue.Field? gossip)
    {
        if (gossip is not null)
        {
            Apply("gossip", gossip);
        }

        foreach (var refusal in Settings.Refusals())
        {
            Refuse(refusal);
        }
    }

    private void Apply(string path, HoconValue.Field field)
    {
        if (Schema.ByPath.TryGetValue(path, out var key))
        {
            Set(key, field);
        }
        else if (path != "gossip" && !Schema.Sections.Contains(path))
        {
            // Each suggestion costs; nobody reads the thousandth.
            var isTold = ++_unknown <= HoconLimits.ErrorsMax;
            report(new(field.Place, $"Unknown key '{path}'."
                + (isTold ? Slips.DidYouMean(path, Schema.ByPath.Keys) : "")
                + " All keys: gossip config reference."));
        }
        else if (field.Value is HoconValue.Object section)
        {
            foreach (var (name, inner) in section.Fields)
            {
                Apply($"{path}.{PathReader.Show([name])}", inner);
            }
        }
        else
        {
            report(new(field.Value.Place,
                $"{path}: expected settings, {path} {{ … }}, found a single value or a list."));
        }
    }

    private void Set(SettingKey key, HoconValue.Field field)
    {
        try
        {
            Settings = key.Set(Settings, field.Value);
            _set[key.Path] = (field.Value.Place, field.Value);
        }
        catch (HoconException e)
        {
            report(e);
        }
    }

    /// <summary>
    /// The options' own refusals begin with the key's last word. When that key was left at its
    /// default, another does not go with it: the one without which nothing is refused.
    /// </summary>
    private void Refuse(string refusal)
    {
        var key = Schema.Keys.FirstOrDefault(k =>
            refusal.StartsWith($"{k.LastWord}:", StringComparison.Ordinal));
        if (key is not null && IsOwn(key))
        {
            report(new(_set[key.Path].Place, $"{Section(key)}{refusal}."));
            return;
        }

        var defaults = new Settings(new(), Settings.Api);
        var cause = Schema.Keys.Where(IsOwn).FirstOrDefault(k =>
            !k.Reset(Settings, defaults).Refusals().Any(r => r == refusal));
        report(cause is null
            ? new(new(new("settings", false), 1, 1), $"{refusal}.")
            : new(_set[cause.Path].Place,
                $"{cause.Path} = {cause.Show(Settings)} does not go with "
                + $"{(key is null ? refusal : $"{Section(key)}{refusal}")}."));
    }

    private bool IsOwn(SettingKey key) =>
        _set.TryGetValue(key.Path, out var set) && set.Place.Source.Name != "reference.conf";

    private static string Section(SettingKey key) => key.Path[..^key.LastWord.Length];
}
