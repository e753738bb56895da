using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gossip.Simulation;

/// <summary>A rule that every node must keep at every step was broken.</summary>
public sealed class BrokenException(string rule) : Exception(rule);

internal static class Broken
{
    public static void Unless(
        bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] Reason rule)
    {
        if (!holds)
        {
            throw new BrokenException(rule.ToString());
        }
    }

    public static void Unless(bool holds, string rule)
    {
        if (!holds)
        {
            throw new BrokenException(rule);
        }
    }

    /// <summary>
    /// Spelled out only when the rule is broken: rules are checked at every step.
    /// </summary>
    [InterpolatedStringHandler]
    public readonly struct Reason
    {
        private readonly StringBuilder? _text;

        public Reason(int literals, int holes, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = isNeeded ? new(literals + (8 * holes)) : null;
        }

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted<T>(T value) => _text!.Append(value);

        public void AppendFormatted(double value, string format) =>
            _text!.Append(value.ToString(format, CultureInfo.InvariantCulture));

        public override string ToString() => _text?.ToString() ?? "";
    }
}
