using System.Collections.Frozen;

namespace Newsletter.Returns;

/// <summary>Which domains are one provider's: what fails there fails for all of them. The list is data, <c>providers.txt</c>.</summary>
public static class Providers
{
    private static readonly FrozenDictionary<string, string> ByDomain = Read();
    private static readonly ILookup<string, string> Domains = ByDomain.ToLookup(pair => pair.Value, pair => pair.Key);

    /// <summary>The provider's name: its first domain; a domain that is in no list is its own.</summary>
    /// <param name="domain">As <see cref="Addresses.EmailAddress.Domain"/>.</param>
    public static string Of(string domain) => ByDomain.GetValueOrDefault(domain, domain);

    /// <summary>All domains of a provider.</summary>
    public static IReadOnlyList<string> DomainsOf(string provider) => Domains[provider].ToList() is { Count: > 0 } known ? known : [provider];

    private static FrozenDictionary<string, string> Read()
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var all in EmbeddedText.Lines("Returns.providers.txt").Select(line => line.Split(' ')))
            foreach (var domain in all)
                pairs.Add(domain, all[0]);
        return pairs.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
