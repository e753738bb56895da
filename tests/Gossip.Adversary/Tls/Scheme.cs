namespace Gossip.Adversary.Tls;

/// <summary>The numbers of TLS for how something is signed.</summary>
internal static class Scheme
{
    public const int Sha1Ecdsa = 0x0203;
    public const int P256 = 0x0403;
    public const int P384 = 0x0503;
    public const int P521 = 0x0603;
    public const int Pss = 0x0804;
    public const int Ed25519 = 0x0807;
    public const int Brainpool256 = 0x081a;
}
