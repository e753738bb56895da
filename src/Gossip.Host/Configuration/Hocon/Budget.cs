namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// How much may one resolution do, and how deep? A file of ten lines can ask for a text of a
/// gigabyte, or for a stack that ends the process.
/// </summary>
internal sealed class Budget
{
    private int _depth;
    private int _work;

    public void Enter(Place place)
    {
        if (++_depth > HoconLimits.StepsDeepMax)
        {
            throw new HoconLimitException(place,
                $"More than {HoconLimits.StepsDeepMax} substitutions lead to each other; write "
                + "the value out.");
        }

        Spend(1, place);
    }

    public void Leave() => _depth--;

    public void Spend(int work, Place place)
    {
        _work += work;
        if (_work > HoconLimits.WorkMax)
        {
            throw new HoconLimitException(place,
                $"The substitutions grow beyond {HoconLimits.WorkMax} characters and elements; "
                + "write less of them.");
        }
    }
}

/// <summary>Ends a resolution: to go on would be what the limit forbids.</summary>
internal sealed class HoconLimitException(Place place, string message) : Exception(message)
{
    public HoconException Error { get; } = new(place, message);
}
