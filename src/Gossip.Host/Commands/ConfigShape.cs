using System.Text.Json.Serialization;
using Gossip.Host.Configuration;

namespace Gossip.Host.Commands;

internal sealed record SettingShape(string Key, string Value, string Origin, string Expected);

internal sealed record MistakeShape(string Source, int? Line, int? Column, string Message);

/// <summary>A configuration for programs: editors, pipelines.</summary>
internal sealed record ConfigShape(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? File,
    bool Valid, SettingShape[] Settings, MistakeShape[] Errors, string[] Notes)
{
    public static ConfigShape Of(Configured configured, string? file)
    {
        var isValid = configured.Errors.Count == 0;
        return new(
            file,
            isValid,
            [
                .. Schema.Keys.Where(_ => isValid).Select(key => new SettingShape(
                    key.Path, key.Show(configured.Settings),
                    configured.Origins[key.Path].Origin, key.Expected)),
            ],
            [
                .. configured.Errors.Select(error => new MistakeShape(
                    error.Place.Source.Name,
                    error.Place.Source.HasLines ? error.Place.Line : null,
                    error.Place.Source.HasLines ? error.Place.Column : null,
                    error.Message)),
            ],
            [.. configured.Notes]);
    }
}
