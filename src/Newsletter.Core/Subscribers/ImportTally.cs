using System.Collections.Immutable;

namespace Newsletter.Subscribers;

/// <summary>What became of the rows of a list. Every row is counted once: added, updated, unchanged, double, left alone or bad.</summary>
public sealed record ImportTally
{
    /// <summary>People who are new.</summary>
    public long Added { get; init; }

    /// <summary>People who were known and of whom the row said something new.</summary>
    public long Updated { get; init; }

    /// <summary>People who were known as the row has them.</summary>
    public long Unchanged { get; init; }

    /// <summary>Rows whose address an earlier row of the same list has added; the first one stands, but for a standing that ends the subscription: that counts in any row.</summary>
    public long Doubles { get; init; }

    /// <summary>Rows that nothing can be read from.</summary>
    public long Bad { get; init; }

    /// <summary>People who get no mail and were left as they are, by why: the word of their standing, or <c>suppressed</c>.</summary>
    public ImmutableSortedDictionary<string, long> LeftAlone { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Of the updated and unchanged: those whose row names another standing than they have. The one they have holds.</summary>
    public long StandingKept { get; init; }

    /// <summary>All rows.</summary>
    public long Rows => Added + Updated + Unchanged + Doubles + Bad + LeftAlone.Values.Sum();

    /// <summary>What two parts of a list come to together.</summary>
    public static ImportTally operator +(ImportTally one, ImportTally other) => new()
    {
        Added = one.Added + other.Added,
        Updated = one.Updated + other.Updated,
        Unchanged = one.Unchanged + other.Unchanged,
        Doubles = one.Doubles + other.Doubles,
        Bad = one.Bad + other.Bad,
        StandingKept = one.StandingKept + other.StandingKept,
        LeftAlone = other.LeftAlone.Aggregate(one.LeftAlone, (sum, pair) => sum.SetItem(pair.Key, sum.GetValueOrDefault(pair.Key) + pair.Value)),
    };

    /// <summary>One more that is left alone.</summary>
    public ImportTally WithLeftAlone(string why) => this with { LeftAlone = LeftAlone.SetItem(why, LeftAlone.GetValueOrDefault(why) + 1) };
}
