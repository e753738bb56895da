namespace Gossip.Fuzz.Loops;

/// <summary>One decoder: what goes in, and what may come out?</summary>
internal abstract class Target
{
    /// <summary>As --target names it, and as its file of seeds is called.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes of the largest input that is tried.</summary>
    public virtual int BytesMax => 16 * 1024;

    /// <summary>Bytes that decoding it may allocate.</summary>
    public virtual long Allowance(byte[] input) => 4L * input.Length + 64 * 1024;

    /// <summary>Well-formed inputs, made anew: from the encoders, with this randomness.</summary>
    public abstract IEnumerable<byte[]> Samples(Random random);

    /// <summary>Changes an input; the other is one to take parts from.</summary>
    public abstract byte[] Mutate(byte[] input, byte[] other, Random random);

    /// <summary>
    /// What is measured, ready to run. A refusal that is typed is a result; any exception that
    /// leaves it is a crash.
    /// </summary>
    public abstract Func<object?> Decoding(byte[] input);

    /// <summary>In a word, what came out; not measured.</summary>
    /// <exception cref="BrokenPromiseException">It is not what the decoder promises.</exception>
    public abstract string Judge(byte[] input, object? result);
}

/// <summary>A decoder took what it must not take, or made of it what it is not.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
