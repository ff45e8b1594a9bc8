namespace Newsletter.Classifying;

/// <summary>How far it is proven that a mail is from whom it names.</summary>
public enum ProofLevel
{
    /// <summary>No host is trusted to say: nobody has looked.</summary>
    Unknown,
    /// <summary>A trusted host found that the domain in From sent it.</summary>
    Proven,
    /// <summary>A trusted host found nothing that proves it, or left no word.</summary>
    Unproven,
    /// <summary>A trusted host found that it breaks what the domain in From says of its mail (DMARC).</summary>
    Failed,
}

/// <summary>What hosts that are trusted say of a mail's sender (Authentication-Results, RFC 8601): who it seems to be is what anyone can write.</summary>
/// <param name="Level">The outcome.</param>
/// <param name="Words">For people: <c>proven by DKIM of example.org</c>; empty for unknown.</param>
public sealed record SenderProof(ProofLevel Level, string Words)
{
    /// <summary>Nobody has looked.</summary>
    public static SenderProof Unknown { get; } = new(ProofLevel.Unknown, "");

    /// <summary>Reads what the trusted hosts wrote on a mail.</summary>
    /// <remarks>
    /// Servers write on top of what they were given, so only the topmost words of a trusted host count: those before the first Received of another's host, and
    /// none below the Received that follows the first of them. What the first field says of a method stands; a later one cannot better it. A host must take out
    /// forged fields with its own name (RFC 8601 §5), for these two rules alone cannot tell a field that a sender put right below its own.
    /// </remarks>
    /// <param name="mail">The mail.</param>
    /// <param name="trusted">The names (authserv-id) of the hosts to believe; empty: nobody.</param>
    internal static SenderProof Of(IncomingMail mail, IReadOnlyCollection<string> trusted)
    {
        if (trusted.Count == 0)
            return Unknown;
        var said = TopmostWords(mail, trusted);
        if (said is null)
            return new(ProofLevel.Unproven, "sender not proven: no trusted host has looked at it");
        if (!mail.HasOneAuthor)
            return new(ProofLevel.Unproven, "sender not proven: From does not name one address");
        var author = mail.From.Split('@')[^1].ToLowerInvariant();
        return OfDmarc(said, author) ?? OfDkim(said, author) ?? OfSpf(said, author) ?? new(ProofLevel.Unproven, "sender not proven");
    }

    /// <summary>DMARC (RFC 7489 §11.2), about the domain in From itself.</summary>
    private static SenderProof? OfDmarc(IReadOnlyList<MethodResult> said, string author) =>
        said.FirstOrDefault(result => result.Method == "dmarc") is { } found && (found["header.from"] is not { } from || Aligned(from, author))
            ? found.Result switch
            {
                "pass" => new(ProofLevel.Proven, $"proven by DMARC of {Name(author)}"),
                "fail" => new(ProofLevel.Failed, $"fails DMARC of {Name(author)}"),
                _ => null,
            }
            : null;

    private static SenderProof? OfDkim(IReadOnlyList<MethodResult> said, string author) =>
        said.Where(result => result is { Method: "dkim", Result: "pass" }).Select(result => result["header.d"] ?? result["header.i"]?.Split('@')[^1] ?? "")
            .FirstOrDefault(domain => Aligned(domain, author)) is { } signer ? new(ProofLevel.Proven, $"proven by DKIM of {Name(signer)}") : null;

    private static SenderProof? OfSpf(IReadOnlyList<MethodResult> said, string author) =>
        said.FirstOrDefault(result => result.Method == "spf") is { Result: "pass" } found && found["smtp.mailfrom"]?.Split('@')[^1] is { } domain && Aligned(domain, author)
            ? new(ProofLevel.Proven, $"proven by SPF of {Name(domain)}")
            : null;

    /// <summary>Of each method what the first field that names it says; null where no trusted host has left a word.</summary>
    private static List<MethodResult>? TopmostWords(IncomingMail mail, IReadOnlyCollection<string> trusted)
    {
        var said = new List<MethodResult>();
        var found = false;
        foreach (var (name, value) in mail.FromTheTop("Received", "Authentication-Results"))
        {
            if (name.Equals("Received", StringComparison.OrdinalIgnoreCase))
            {
                if (found || IsForeign(value, trusted))
                    break;
                continue;
            }
            if (AuthenticationResults.Read(value) is not { } results || !trusted.Contains(results.ServId, StringComparer.OrdinalIgnoreCase))
                continue;
            found = true;
            said.AddRange(results.Results.Where(result => !said.Exists(before => before.Method == result.Method)).ToList());
        }
        return found ? said : null;
    }

    /// <summary>Whether a Received is of a host that has nothing to do with the trusted ones: neither one of them nor a neighbour in its domain. A bare name or a number is of the inside.</summary>
    private static bool IsForeign(string received, IReadOnlyCollection<string> trusted)
    {
        var words = received.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var host = words.SkipWhile(word => !word.Equals("by", StringComparison.OrdinalIgnoreCase)).Skip(1).FirstOrDefault("").TrimEnd(';', '.').ToLowerInvariant();
        return host.Contains('.') && !char.IsAsciiDigit(host[^1]) && !trusted.Any(id => Neighbours(host, id.ToLowerInvariant()));
    }

    private static bool Neighbours(string host, string id)
    {
        var parent = id[(id.IndexOf('.') + 1)..];
        return host == id || host.EndsWith($".{id}", StringComparison.Ordinal) || (parent.Contains('.') && (host == parent || host.EndsWith($".{parent}", StringComparison.Ordinal)));
    }

    /// <summary>Relaxed alignment (RFC 7489 §3.1): the same domain, or one below the other. No list of public suffixes: a registry signs no mail.</summary>
    private static bool Aligned(string domain, string author)
    {
        var one = domain.ToLowerInvariant();
        return one.Contains('.') && (one == author || author.EndsWith($".{one}", StringComparison.Ordinal) || one.EndsWith($".{author}", StringComparison.Ordinal));
    }

    private static string Name(string domain) => Classifier.Line(domain);
}
