namespace Gossip.Fuzz.Targets;

/// <summary>Which decoders are fuzzed? A new one is a class, and one line here.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<Target> Make() =>
    [
        new FrameTarget(),
        new CompressedFrameTarget(),
        new MessageTarget(isBeforeHello: false),
        new MessageTarget(isBeforeHello: true),
        new HeaderTarget(),
        new PayloadCountTarget(),
        new PayloadsTarget(),
        new EntryTarget(),
        new ProofTarget(),
        new PolicyTarget(),
        new ErasureTarget(),
        new AttestationTarget(),
        new DidTarget(),
        new KeyTarget(),
        new Base58Target(),
        new CertificateTarget(),
        new PemTarget(),
        new HoconTarget(),
        new PublishBodyTarget(),
        new JsonBodyTarget(),
        new QueryTarget(),
        new PublishKeyTarget(),
        new TopicNameTarget(),
        new AddressTarget(),
    ];

    /// <summary>Null when there is none of this name.</summary>
    public static Target? Find(string name) =>
        Make().FirstOrDefault(target => target.Name == name);
}
