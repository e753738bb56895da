using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

/// <summary>Is every log that is over shown, with the slot that ends it, and why?</summary>
[Row("D6")]
public sealed class EndingsTests
{
    private readonly PolicyWriter _owner;
    private readonly PolicyWriter _ann;
    private readonly Entry _founding;
    private readonly Entry _invite;
    private readonly Entry[] _log;
    private readonly ReplicaRig _rig;

    public EndingsTests()
    {
        (_owner, _founding) = PolicyWriter.Found(new(1));
        _ann = _owner.Other(new(2));
        _invite = _owner.Say(new PolicyChange.Invitation(_ann.Did, true, 0, ""), _founding);
        _log = new Entry[3];
        for (var i = 0; i < _log.Length; i++)
        {
            _log[i] = Write($"{i + 1}", i == 0 ? null : _log[i - 1]);
        }

        _rig = new(_owner.Topic, new(0));
        _rig.Announce([_founding, _invite, .. _log]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_revoked_log_is_shown_with_the_first_slot_that_it_lost(long last)
    {
        Assert.Empty(_rig.Seen!.Revoked);
        _rig.Announce(Revoke(last));
        ExpectRevoked(new Dot(_log[0].Header.Log, last + 1));
        _rig.Restart();
        ExpectRevoked(new Dot(_log[0].Header.Log, last + 1));
        Assert.Empty(_rig.Seen!.Closures);
    }

    [Fact]
    public void A_log_that_was_revoked_before_it_came_is_shown_too()
    {
        var rig = new ReplicaRig(_owner.Topic, new(0));
        rig.Announce(_founding, _invite, Revoke(2));
        Assert.Empty(rig.Seen!.Revoked);
        rig.Announce(_log);
        Assert.Equal(new Dot(_log[0].Header.Log, 3), Assert.Single(rig.Seen!.Revoked));
    }

    [Fact]
    public void A_revocation_past_the_last_slot_there_is_ends_nothing()
    {
        _rig.Announce(Revoke(Dot.SeqMax));
        ExpectRevoked();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void Beside_a_fork_only_what_ends_the_log_lower_is_shown(long last, bool isShown)
    {
        _rig.Announce(Write("other", _log[1]));
        _rig.Announce(Revoke(last));
        Assert.Equal(3, Assert.Single(_rig.Seen!.Closures).Slot);
        ExpectRevoked(isShown ? [new Dot(_log[0].Header.Log, last + 1)] : []);
    }

    private void ExpectRevoked(params Dot[] expected) =>
        Assert.Equal(expected, _rig.Seen!.Revoked);

    private Entry Write(string text, Entry? prev) =>
        _ann.Publish(text, prev, PolicyWriter.AdmissionOf(_invite));

    private Entry Revoke(long last) => _owner.Say(
        new PolicyChange.Revocation(
            _ann.Did,
            [PolicyWriter.AdmissionOf(_invite)],
            last == 0 ? [] : [new LastSlot(_log[0].Header.Log, last)]),
        _invite);
}
