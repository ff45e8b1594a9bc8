using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests;

/// <summary>Values that do not matter to the test that asks for them.</summary>
internal static class Some
{
    public static KeyRing KeyRing() => new(1, new Dictionary<byte, byte[]> { [1] = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray() });

    public static ErasedAddresses ErasedAddresses() => new(KeyRing());

    public static OurAddresses OurAddresses() => new(new SealedTokens(KeyRing()), "returns.example.org", "example.org", "https://news.example.org");

    public static Publication Publication() => new()
    {
        Name = "Field Notes",
        FromAddress = "editor@example.org",
        PostalAddress = "1 Mill Lane\nNether Wallop\nUK",
        BaseUrl = "https://news.example.org",
    };
}
