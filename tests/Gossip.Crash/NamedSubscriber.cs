using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Crash;

/// <summary>
/// A consumer that keeps nothing: its node remembers, under a name, what it acknowledged. Does that
/// never come again, and does the rest come again where it was?
/// </summary>
internal sealed class NamedSubscriber(int node, TimeProvider time)
{
    public const string Name = "counter";

    // Some entries are always read and not acknowledged when a kill comes.
    private const int EntriesPerAcknowledgement = 8;

    private readonly List<string> _entries = [];
    private Task _following = Task.CompletedTask;
    private long _acknowledged;
    private long _asked;
    private long _next;

    /// <summary>The first thing that was wrong; null when nothing was.</summary>
    public string? Finding { get; private set; }

    /// <summary>Entries that came again, not acknowledged before: as it should be.</summary>
    public long CameAgain { get; private set; }

    /// <summary>
    /// Acknowledged and given again, jumped over, or not the entry that had this position before.
    /// </summary>
    public long Wrong { get; private set; }

    /// <summary>The last position it got.</summary>
    public long Last => Interlocked.Read(ref _next) - 1;

    public void Follow(Life life) => _following = Streaming.FollowAsync(
        _following, life, () => ReadAsync(life), time);

    /// <summary>The store is gone, and with it the name.</summary>
    public async Task ForgetAsync()
    {
        await _following;
        _entries.Clear();
        (_acknowledged, _asked, _next) = (0, 0, 0);
    }

    private async Task ReadAsync(Life life)
    {
        Open((await Bookmark.PutAsync(
            life.Client, Bookmark.Path(CrashSettings.Topic, Name), null, life.Over)).Position);
        await Streaming.ReadAsync(life, Cursor.AfterEntry(_next - 1), async payload =>
        {
            if (payload.Index > 0)
            {
                return;
            }

            Take(payload.Position, payload.Entry);
            if (payload.Position % EntriesPerAcknowledgement == 0)
            {
                // The entry before: of this one only the first payload has come.
                await AcknowledgeAsync(life, payload.Position - 1);
            }
        });
    }

    /// <summary>The node says where it stands: not before what it confirmed.</summary>
    internal void Open(long position)
    {
        if (position < _acknowledged || position > _asked)
        {
            Find($"stands at {position}; {_acknowledged} was confirmed, {_asked} asked for");
        }

        _acknowledged = position;
        Interlocked.Exchange(ref _next, position + 1);
    }

    internal void Take(long position, string entry)
    {
        if (position != _next || position <= _acknowledged)
        {
            Find($"got {position} and not {_next}; {_acknowledged} was acknowledged");
        }

        if (position > _entries.Count)
        {
            _entries.Add(entry);
        }
        else
        {
            CameAgain++;
            if (_entries[(int)position - 1] != entry)
            {
                Find($"got {entry} at {position}, where {_entries[(int)position - 1]} was");
            }
        }

        Interlocked.Exchange(ref _next, position + 1);
    }

    private async Task AcknowledgeAsync(Life life, long position)
    {
        Asks(position);
        await Bookmark.PutAsync(
            life.Client, Bookmark.Path(CrashSettings.Topic, Name), position, life.Over);
        _acknowledged = position;
    }

    /// <summary>Whether it is confirmed may never be known.</summary>
    internal void Asks(long position) => _asked = position;

    private void Find(string what)
    {
        Wrong++;
        Finding ??= $"the subscription of node {node + 1} {what}";
    }
}
