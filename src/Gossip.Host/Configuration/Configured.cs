using Gossip.Host.Commands;
using Gossip.Host.Configuration.Hocon;

namespace Gossip.Host.Configuration;

/// <summary>What all layers say together, where each value came from, and what is wrong.</summary>
/// <param name="Settings">In force; meaningless when there are errors.</param>
/// <param name="Origins">Where each key's value stands.</param>
/// <param name="Errors">All of them, in the order of their places.</param>
/// <param name="Notes">What is allowed, but perhaps not meant.</param>
internal sealed record Configured(
    Settings Settings,
    IReadOnlyDictionary<string, Place> Origins,
    IReadOnlyList<HoconException> Errors,
    IReadOnlyList<string> Notes)
{
    /// <exception cref="CommandException">usage, with every error at once.</exception>
    public Configured Checked() => Errors.Count == 0
        ? this
        : throw CommandException.Usage(string.Join("\n", Errors
            .Select(error => $"{error.Place}: {error.Message}")
            .Prepend($"{Errors.Count} mistakes:")
            .Skip(Errors.Count == 1 ? 1 : 0)));
}
