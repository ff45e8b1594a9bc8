using System.Collections.Frozen;
using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>Finds domains that are one slip of a finger away from a well-known one. It is only ever asked about: there are people at <c>gmai.com</c>.</summary>
public static class AddressSlip
{
    private static readonly ILookup<string, string> Lists = EmbeddedText.Sections("Subscribers.common-domains.txt");
    private static readonly FrozenSet<string> Known = Lists["domains"].ToFrozenSet();
    private static readonly FrozenDictionary<string, string> Ends = Lists["ends"].Select(line => line.Split(' ')).ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>What was probably meant; null where nothing looks like a slip.</summary>
    public static EmailAddress? Of(EmailAddress address) => Meant(address.Domain) is { } domain ? EmailAddress.Read($"{address.Value[..address.Value.IndexOf('@', StringComparison.Ordinal)]}@{domain}") : null;

    private static string? Meant(string domain)
    {
        if (Known.Contains(domain))
            return null;
        var (name, end) = (domain[..domain.LastIndexOf('.')], domain[(domain.LastIndexOf('.') + 1)..]);
        var mended = Ends.TryGetValue(end, out var right) ? $"{name}.{right}" : domain;
        // Of a short name every other name is one slip away.
        return Known.Contains(mended) ? mended : Known.FirstOrDefault(known => known.Length >= 7 && IsOneSlip(mended, known)) ?? (mended != domain ? mended : null);
    }

    /// <summary>One letter put in, left out, changed, or two that changed places (Damerau).</summary>
    private static bool IsOneSlip(string one, string other)
    {
        var at = 0;
        while (at < one.Length && at < other.Length && one[at] == other[at])
            at++;
        var rest = one.AsSpan(at);
        var otherRest = other.AsSpan(at);
        return (one.Length - other.Length) switch
        {
            1 => rest[1..].SequenceEqual(otherRest),
            -1 => rest.SequenceEqual(otherRest[1..]),
            0 => rest.Length > 0 && (rest[1..].SequenceEqual(otherRest[1..]) || (rest.Length > 1 && rest[0] == otherRest[1] && rest[1] == otherRest[0] && rest[2..].SequenceEqual(otherRest[2..]))),
            _ => false,
        };
    }
}
