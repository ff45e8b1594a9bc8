using System.Security.Cryptography;
using System.Text;
using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>The mark that an erased address leaves: a keyed hash (HMAC-SHA-256), so that no import revives it and nobody without our keys can tell whose it was.</summary>
public sealed class ErasedAddresses(KeyRing ring)
{
    private const string Purpose = "erased address";
    private readonly byte current = ring.Current;
    private readonly (byte Id, byte[] Key)[] keys = [.. ring.Keys.Keys.Order().Select(id => (id, ring.For(id, Purpose)!))];

    /// <summary>The mark to keep, sealed by the current key.</summary>
    public string Mark(EmailAddress address) => Mark(keys.First(key => key.Id == current), address.Key);

    /// <summary>Every mark that may stand for the address: one for each key of the ring.</summary>
    public IEnumerable<string> Marks(EmailAddress address) => Marks(address.Key);

    /// <summary>The same, of the address with this <see cref="EmailAddress.Key"/>.</summary>
    public IEnumerable<string> Marks(string addressKey) => keys.Select(key => Mark(key, addressKey));

    /// <summary>No address holds a blank, so a mark is never taken for one.</summary>
    private static string Mark((byte Id, byte[] Key) key, string addressKey) =>
        $"erased {key.Id} {Convert.ToHexStringLower(HMACSHA256.HashData(key.Key, Encoding.UTF8.GetBytes(addressKey)))}";
}
