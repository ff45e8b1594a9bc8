using System.Globalization;
using Newsletter.Addresses;

namespace Newsletter.Sending;

/// <summary>Two subjects tried on a sample of an edition's readers; the winner goes to the others.</summary>
/// <remarks>Nobody is tracked, so opening and clicking cannot be measured: what counts is what readers do by themselves, which is little. The rule is made so that chance decides nothing.</remarks>
public static class SubjectTrial
{
    /// <summary>The subject of the issue.</summary>
    public const string A = "a";

    /// <summary>The other one, <c>subject-b</c>.</summary>
    public const string B = "b";

    /// <summary>Draws the sample: the same readers each time for the same edition, whatever their order, and half of them for each subject.</summary>
    /// <param name="readers">Those among whom it is drawn, each once.</param>
    /// <param name="edition">Another edition draws others.</param>
    /// <param name="share">How large a part; all of them where it is 1.</param>
    public static (IReadOnlyList<long> A, IReadOnlyList<long> B) Draw(IReadOnlyCollection<long> readers, EditionId edition, double share)
    {
        var count = (int)Math.Min(readers.Count, Math.Ceiling(readers.Count * share / 2) * 2);
        var drawn = readers.Select(id => (Lot: Mixed((ulong)edition.Value, (ulong)id), Id: id)).Order().Take(count).Select(lot => lot.Id).ToList();
        return ([.. drawn.Where((_, i) => i % 2 == 0)], [.. drawn.Where((_, i) => i % 2 == 1)]);
    }

    /// <summary>Replies speak for a subject, unsubscribes and complaints against it. B wins where it leads by more than chance easily gives: twice the square root of all signals. Else A does.</summary>
    public static (string Winner, string Words) Winner(TrialSignals a, TrialSignals b)
    {
        var (lead, chance) = (b.Rate - a.Rate, 2 * Math.Sqrt(a.All + b.All) / Math.Max(1, Math.Min(a.Sent, b.Sent)));
        var winner = lead > chance ? B : A;
        var how = lead > chance || -lead > chance ? "by what its readers did" : "since nothing that its readers did tells the two apart";
        return (winner, string.Create(CultureInfo.InvariantCulture, $"subject {winner} goes to the others, {how} (a: {a.Words}; b: {b.Words})"));
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): spreads neighbouring numbers evenly.</summary>
    private static ulong Mixed(ulong edition, ulong reader)
    {
        var z = unchecked((edition * 0x9E3779B97F4A7C15) + reader + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}

/// <summary>What the readers of one subject did.</summary>
/// <param name="Sent">Letters that the relay took.</param>
/// <param name="Replies">Readers who answered.</param>
/// <param name="Left">Readers who unsubscribed by this letter.</param>
/// <param name="Complained">Readers who pressed "spam".</param>
public sealed record TrialSignals(long Sent, long Replies, long Left, long Complained)
{
    /// <summary>Nobody did anything.</summary>
    public static TrialSignals None { get; } = new(0, 0, 0, 0);

    /// <summary>For, less against, for each letter.</summary>
    public double Rate => (double)(Replies - Left - Complained) / Math.Max(1, Sent);

    /// <summary>How many did anything.</summary>
    public long All => Replies + Left + Complained;

    /// <summary>For a person.</summary>
    public string Words => string.Create(CultureInfo.InvariantCulture, $"{Sent} sent, {Replies} replied, {Left} left, {Complained} complained");
}
