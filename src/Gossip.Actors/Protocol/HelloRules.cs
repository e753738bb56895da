namespace Gossip.Actors.Protocol;

/// <summary>
/// What do we say of ourselves, and may this peer's hello stand? The right version, network and
/// key, and not ourselves.
/// </summary>
internal static class HelloRules
{
    public static GossipMessage.Hello Own(Self self, Nonce nonce, GossipOptions options) => new(
        Limits.ProtocolVersion, self.Network, self.Did, self.Instance, nonce,
        self.ListenAddress, options.Sizes.FrameBytesMax)
    {
        TakesCompressed = options.Compression != Compression.Off,
    };

    public static (RefusalCode Refusal, GoodbyeCode Code, string Reason)? ObjectionTo(
        GossipMessage.Hello hello, Did proven, Self self) => hello switch
        {
            { Version: not Limits.ProtocolVersion } => (
                RefusalCode.VersionWrong, GoodbyeCode.WrongVersion,
                $"protocol {hello.Version}, here {Limits.ProtocolVersion}: upgrade the older node"),
            { From: var from } when !from.Equals(proven) => (
                RefusalCode.IdentityWrong, GoodbyeCode.WrongIdentity,
                "the hello names another key than the connection proved"),
            { Network: var network } when network != self.Network => (
                RefusalCode.NetworkWrong, GoodbyeCode.WrongNetwork,
                $"network '{network}', here '{self.Network}'"),
            { From: var from, Instance: var instance }
                when from.Equals(self.Did) && instance == self.Instance => (
                RefusalCode.SelfDialed, GoodbyeCode.SelfDial, "this node dialled itself"),
            _ => null,
        };
}
