using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Who has been away for too long, and is it mended? A peer that went silent without leaving is
/// suspected after the threshold, and healed only when a round found it equal: a handshake proves
/// nothing.
/// </summary>
internal sealed class Partitions(TimeSpan threshold)
{
    /// <summary>Strangers choose their names: of more than these, passers-by go first.</summary>
    private const int SilentMax = 1024;

    private readonly SortedDictionary<Did, Silence> _silent = [];

    /// <summary>Not connected any more, and it did not say that it leaves.</summary>
    public void Lose(Did peer, Moment now, Outbox outbox)
    {
        if (_silent.TryGetValue(peer, out var silence))
        {
            silence.IsBack = false;
            Show(outbox);
        }
        else
        {
            Forget();
            _silent.Add(peer, silence = new(now));
        }

        silence.Number++;
        outbox.After(threshold, new Signal.SilenceDue(peer, silence.Number));
    }

    /// <summary>It said goodbye: that is no partition.</summary>
    public void Leave(Did peer, Outbox outbox)
    {
        if (_silent.Remove(peer))
        {
            Show(outbox);
        }
    }

    /// <summary>Connected again; whether anything is mended a round will say.</summary>
    public void Return(Did peer, Outbox outbox)
    {
        if (!_silent.TryGetValue(peer, out var silence))
        {
            return;
        }

        silence.IsBack = true;
        if (!silence.IsSuspected)
        {
            _silent.Remove(peer);
        }

        Show(outbox);
    }

    public void Judge(Did peer, long number, Outbox outbox)
    {
        if (_silent.TryGetValue(peer, out var silence)
            && silence.Number == number
            && !silence.IsBack
            && !silence.IsSuspected)
        {
            silence.IsSuspected = true;
            outbox.Add(new Effect.Happened(
                new NodeEvent.PartitionSuspected(peer, silence.Since.UnixMilliseconds)));
            Show(outbox);
        }
    }

    /// <summary>A round ended equal with this peer.</summary>
    public void Heal(Did peer, Moment now, Outbox outbox)
    {
        if (_silent.Remove(peer, out var silence))
        {
            outbox.Add(new Effect.Happened(
                new NodeEvent.PartitionHealed(peer, now.Elapsed - silence.Since.Elapsed)));
            Show(outbox);
        }
    }

    private void Show(Outbox outbox) => outbox.Add(new Effect.Show(new View.Partitions(
        [.. from s in _silent
            where s.Value.IsSuspected
            select new PartitionView(
                s.Key.ToString(), s.Value.Since.UnixMilliseconds, s.Value.IsBack)])));

    private void Forget()
    {
        if (_silent.Count >= SilentMax)
        {
            _silent.Remove(_silent.MinBy(s => (s.Value.IsSuspected, s.Value.Since.Elapsed)).Key);
        }
    }

    private sealed class Silence(Moment since)
    {
        public Moment Since => since;

        /// <summary>Counts its ends of connection: an older timer is stale.</summary>
        public long Number { get; set; }

        public bool IsSuspected { get; set; }

        public bool IsBack { get; set; }
    }
}
