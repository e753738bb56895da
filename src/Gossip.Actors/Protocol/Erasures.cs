namespace Gossip.Actors.Protocol;

/// <summary>
/// Which entries of this topic are erased? What is signed by whoever may counts, whether its entry
/// is held already or comes later; what is signed by another waits, in case the policy or a
/// rotation that makes it rightful is still to come.
/// </summary>
internal sealed class Erasures
{
    /// <summary>So many entries of a topic can be erased; about 300 bytes of memory each.</summary>
    public const int Max = 65_536;

    /// <summary>Statements that nobody vouches for; a stranger chooses how many it makes.</summary>
    public const int WaitingMax = 1024;

    private readonly Policy _policy;
    private readonly EntryRules _rules;
    private readonly Dictionary<(Dot Dot, EntryId Entry), Erasure> _rightful = [];
    private readonly List<Erasure> _waiting = [];

    public Erasures(Policy policy, EntryRules rules, IEnumerable<Erasure> held)
    {
        (_policy, _rules) = (policy, rules);
        foreach (var erasure in held)
        {
            Take(erasure);
        }
    }

    /// <summary>What this entry says is true from now on.</summary>
    public void Learn(Entry carrier, Plan plan, Outbox outbox)
    {
        foreach (var erasure in Erasure.In(carrier))
        {
            if (_waiting.Contains(erasure)
                || erasure.Equals(_rightful.GetValueOrDefault((erasure.Dot, erasure.Entry))))
            {
                continue;
            }

            var isFull = _policy.Allows(erasure)
                ? _rightful.Count >= Max
                : _waiting.Count >= WaitingMax;
            if (isFull)
            {
                outbox.Refuse(RefusalCode.QueueFull, $"{erasure.Dot}: too many erasures here");
            }
            else if (!_rules.IsSigned(erasure))
            {
                outbox.Refuse(RefusalCode.SignatureWrong, $"{erasure.Dot}: an erasure by nobody");
            }
            else
            {
                Take(erasure, plan);
            }
        }
    }

    /// <summary>The policy or a rotation says something new: what waited may be rightful.</summary>
    public void Review(Plan plan)
    {
        foreach (var erasure in _waiting.Where(_policy.Allows).ToArray())
        {
            _waiting.Remove(erasure);
            Take(erasure, plan);
        }
    }

    /// <summary>As it is to be held: without its payloads, if somebody erased them.</summary>
    public Entry Apply(Entry entry) =>
        _rightful.TryGetValue((entry.Dot, entry.Id), out var erasure)
            && EntryRules.IsErasable(entry.Header)
            && (Erasure.Of(entry) is not { } own || Erasure.IsLower(erasure, own))
                ? entry with { PayloadList = erasure.ToForm() }
                : entry;

    private void Take(Erasure erasure, Plan plan)
    {
        plan.Erasures.Add(erasure);
        if (Take(erasure))
        {
            plan.Erased.Add(erasure);
            for (var i = 0; i < plan.Entries.Count; i++)
            {
                plan.Entries[i] = Apply(plan.Entries[i]);
            }
        }
    }

    /// <summary>True when it changes what stands in its entry.</summary>
    private bool Take(Erasure erasure)
    {
        if (!_policy.Allows(erasure))
        {
            if (_waiting.Count < WaitingMax)
            {
                _waiting.Add(erasure);
            }

            return false;
        }

        var slot = (erasure.Dot, erasure.Entry);
        var isNew = !_rightful.TryGetValue(slot, out var known)
            || Erasure.IsLower(erasure, known);
        if (isNew)
        {
            _rightful[slot] = erasure;
        }

        return isNew;
    }
}
