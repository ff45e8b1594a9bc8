using System.Globalization;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>One bounce in the sum.</summary>
/// <param name="Bounce">The bounce.</param>
/// <param name="Weight">What it weighed when it came.</param>
/// <param name="Now">What is left of it.</param>
/// <param name="Because">Why it is less, or nothing; empty where only time went by.</param>
public sealed record ScoreLine(BounceEvent Bounce, double Weight, double Now, string Because)
{
    /// <summary>For a person: <c>2026-11-03 mailbox-full 1.0, now 0.71 (a letter stayed since)</c>.</summary>
    public string Words => string.Create(CultureInfo.InvariantCulture,
        $"{Bounce.At:yyyy-MM-dd} {Bounce.Verdict.ReasonWord}{Kind(Bounce.Verdict)} {Weight:0.0#}, now {Now:0.0#}{(Because.Length > 0 ? $" ({Because})" : "")}");

    private static string Kind(BounceVerdict verdict) => verdict.Permanence is Permanence.Transient ? "" : $" ({verdict.PermanenceWord})";
}

/// <summary>The bounces of a reader added up.</summary>
/// <param name="Lines">A line each, the oldest first; those that do not count as well.</param>
public sealed record BounceScore(IReadOnlyList<ScoreLine> Lines)
{
    /// <summary>The sum.</summary>
    public double Value => Lines.Sum(line => line.Now);

    /// <summary>From the first bounce that counts to the last.</summary>
    public TimeSpan Span => Lines.Where(line => line.Now > 0).Select(line => line.Bounce.At).ToList() is [var first, .., var last] ? last - first : TimeSpan.Zero;

    /// <summary>How many count.</summary>
    public int Counting => Lines.Count(line => line.Now > 0);

    /// <summary>For a person: <c>2.41 of 5 bounces</c>.</summary>
    public string Words => string.Create(CultureInfo.InvariantCulture, $"{Value:0.0#} of {Counting} bounce{(Counting == 1 ? "" : "s")}");
}
