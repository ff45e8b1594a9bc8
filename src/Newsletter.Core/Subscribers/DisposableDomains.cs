namespace Newsletter.Subscribers;

/// <summary>Domains that give a mailbox to anybody for a while.</summary>
/// <param name="more">Lines of the house's own: a domain each, with <c>!</c> before it one that is none although our list has it; empty ones and comments (<c>#</c>) are passed over.</param>
public sealed class DisposableDomains(IEnumerable<string> more)
{
    private readonly HashSet<string> domains = Together(more);

    /// <summary>Whether it is one of them, or below one.</summary>
    /// <param name="domain">As lower-case A-label.</param>
    public bool Have(string domain)
    {
        for (var name = domain; name.Contains('.', StringComparison.Ordinal); name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])
            if (domains.Contains(name))
                return true;
        return false;
    }

    private static HashSet<string> Together(IEnumerable<string> more)
    {
        var all = EmbeddedText.Lines("Subscribers.disposable-domains.txt").ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var line in more.Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#')))
            if (line.StartsWith('!'))
                all.Remove(line[1..].Trim());
            else
                all.Add(line);
        return all;
    }
}
