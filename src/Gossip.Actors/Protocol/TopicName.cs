using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What people call a topic: 1 to 128 bytes of letters, digits and <c>. _ - /</c>. A topic with a
/// policy is called <c>label@owner</c>, with the owner's DID: two owners may use one label.
/// </summary>
public readonly record struct TopicName
{
    public const int BytesMax = 128;

    /// <summary>Leaves room for the owner's DID.</summary>
    public const int LabelBytesMax = 64;

    private const char At = '@';

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/");

    public TopicName(string value)
    {
        if (Refusal(value) is { } reason)
        {
            throw new FormatException(reason);
        }

        Value = value;
    }

    public string Value { get; }

    /// <summary>Anyone may read and write it: the topic is its name, and nobody owns it.</summary>
    public bool IsPublic => !Value.Contains(At, StringComparison.Ordinal);

    /// <summary>What stands before the owner; the whole name of a public topic.</summary>
    public string Label => IsPublic ? Value : Value[..Value.IndexOf(At, StringComparison.Ordinal)];

    /// <summary>Null for a public topic.</summary>
    public Did? Owner => !IsPublic && Did.TrySpell(Value[(Label.Length + 1)..], out var did, out _)
        ? did
        : null;

    /// <exception cref="FormatException">The label cannot name a topic.</exception>
    public static TopicName Of(string label, Did owner) => new($"{label}{At}{owner}");

    /// <summary>Why this text cannot name a topic; null when it can.</summary>
    public static string? Refusal(string? value)
    {
        var at = value?.IndexOf(At, StringComparison.Ordinal) ?? -1;
        var max = at < 0 ? BytesMax : LabelBytesMax;
        var label = at < 0 ? value : value![..at];
        if (string.IsNullOrEmpty(label) || label.Length > max)
        {
            return $"A topic name has 1 to {max} characters, not {label?.Length ?? 0}.";
        }

        // An odd character is shown by its number: it may be one that plays tricks in a terminal.
        var odd = label.AsSpan().IndexOfAnyExcept(Allowed);
        return odd >= 0
            ? $"A topic name holds ASCII letters, digits, . _ - and /, not U+{(int)label[odd]:X4}."
            : at < 0 || Did.TrySpell(value![(at + 1)..], out _, out var reason)
                ? null
                : $"After the @ of a topic name stands its owner. {reason}";
    }

    public override string ToString() => Value;
}

/// <summary>
/// Which topic, and what it is called. As text, what an owner gives to whom it invites: a public
/// topic's name, or <c>label@owner/id</c>. The id alone lets nobody in.
/// </summary>
public readonly record struct TopicRef(TopicId Id, TopicName Name)
{
    /// <exception cref="FormatException">Neither a public name nor label@owner/id.</exception>
    public TopicRef(string text)
        : this(default, default) => this = Parse(text);

    /// <exception cref="FormatException">The topic has an owner: its id is no hash of its name.
    /// </exception>
    public static TopicRef Public(TopicName name) => name.IsPublic
        ? new(TopicId.OfPublic(name), name)
        : throw new FormatException(
            $"'{name}' has an owner: say label@owner/id, as `gossip topics show` prints it there.");

    /// <summary>A public topic is its name.</summary>
    public static implicit operator TopicRef(TopicName name) => Public(name);

    public static TopicRef Parse(string text) => TryParse(text, out var topic, out var reason)
        ? topic
        : throw new FormatException(reason);

    public static bool TryParse(
        string text, out TopicRef topic, [NotNullWhen(false)] out string? reason)
    {
        topic = default;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var slash = at < 0 ? text.Length : text.IndexOf('/', at);
        var name = slash < 0 ? text : text[..slash];
        reason = TopicName.Refusal(name);
        if (reason is not null)
        {
            return false;
        }

        if (at < 0)
        {
            topic = Public(new(name));
        }
        else if (slash > 0 && EntryId.TryParse(text[(slash + 1)..], out var id))
        {
            topic = new(new(id.Hash), new(name));
        }
        else
        {
            reason = "A topic with an owner is written label@owner/id; the id is 64 hex digits.";
        }

        return reason is null;
    }

    public override string ToString() => Name.IsPublic ? Name.Value : $"{Name}/{Id}";
}
