using System.Globalization;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>When bounces end a subscription. Pure: the same history at the same time gives the same answer, and its arithmetic can be shown.</summary>
/// <remarks>
/// A sure word about the address (no such user, no such domain) suspends at once. Everything else adds to a score that falls by half in <see cref="HalfLife"/>
/// and with each sign of life; where it reaches <see cref="SuspendAt"/> a probe goes out first. Refusals about the sender weigh nothing.
/// </remarks>
public sealed record BouncePolicy
{
    /// <summary>The defaults.</summary>
    public static BouncePolicy Usual { get; } = new();

    /// <summary>In this time a bounce loses half its weight. A season: a weekly letter's five full mailboxes in a row reach the limit, five over two years do not.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromDays(90);

    /// <summary>From this score on a reader is shown as at risk.</summary>
    public double WarnAt { get; init; } = 2;

    /// <summary>From this score on the address is doubted: four full weights, so five weekly bounces.</summary>
    public double SuspendAt { get; init; } = 4;

    /// <summary>No score suspends before bounces have come for so long: a daily letter meets a mailbox that is full over a holiday.</summary>
    public TimeSpan MinSpan { get; init; } = TimeSpan.FromDays(14);

    /// <summary>A letter that did not come back in this time has stayed. Servers report after five days at the latest (RFC 5321 §4.5.4.1).</summary>
    public TimeSpan StaysAfter { get; init; } = TimeSpan.FromDays(6);

    /// <summary>What a letter that stayed leaves of the bounces before it: a mailbox that is full every other week is read every other week.</summary>
    public double StayedFactor { get; init; } = 0.5;

    /// <summary>Whether a probe goes out before a score suspends.</summary>
    public bool Probes { get; init; } = true;

    /// <summary>For so long the answer to a probe is waited for: longer than servers try.</summary>
    public TimeSpan ProbeWait { get; init; } = TimeSpan.FromDays(7);

    /// <summary>At most one probe a reader in this time.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Other weights than the usual ones.</summary>
    public IReadOnlyDictionary<BounceReason, double> Weights { get; init; } = new Dictionary<BounceReason, double>();

    /// <summary>What one bounce weighs when it comes.</summary>
    public double WeightOf(BounceVerdict verdict) => verdict.IsAboutSender ? 0 : Weights.TryGetValue(verdict.Reason, out var weight) ? weight : verdict switch
    {
        { Permanence: Permanence.Permanent }                      => 2,   // dead perhaps; the classifier is not sure
        { Reason: BounceReason.Suspended }                        => 1.5, // some come back when a bill is paid
        { Reason: BounceReason.MailboxFull }                      => 1,
        { Reason: BounceReason.UserUnknown or BounceReason.Moved } => 1,  // "not now": greylisting has such words as well
        { Reason: BounceReason.HostUnknown }                      => 1,
        { Permanence: Permanence.Unknown }                        => 1,
        _                                                         => 0.5, // the server's trouble (network, system, filter) more than the address's
    };

    /// <summary>Whether nobody is there, and the classifier is sure of it: by more than a bare code, or words that its own status contradicts.</summary>
    public static bool IsSure(BounceVerdict verdict) => verdict is
    {
        Permanence: Permanence.Permanent, Reason: BounceReason.UserUnknown or BounceReason.HostUnknown or BounceReason.Moved, Confidence: not Confidence.Low,
    };

    /// <summary>The score with its arithmetic.</summary>
    public BounceScore Score(ReaderHistory history, DateTimeOffset now) => new([.. history.Bounces.Select(bounce => LineOf(bounce, history, now))]);

    /// <summary>What the newest bounce of a reader does.</summary>
    /// <param name="newest">One of the history's.</param>
    /// <param name="history">All of the reader's.</param>
    /// <param name="now">When it is judged.</param>
    public Judgement Judge(BounceEvent newest, ReaderHistory history, DateTimeOffset now)
    {
        if (newest.IsExcused)
            return new Judgement.Nothing(Text($"kept under incident {newest.Incident}"));
        if (newest.Verdict.IsAboutSender)
            return new Judgement.Nothing($"the refusal is about us: {newest.Verdict.ReasonWord}");
        if (history.BackSince > newest.At)
            return new Judgement.Nothing(Text($"it came before the reader was taken up again on {history.BackSince:yyyy-MM-dd}"));
        if (IsSure(newest.Verdict))
            return new Judgement.Suspend($"hard bounce: {newest.Verdict.ReasonWord}");
        return OfScore(Score(history, now), history.ProbedAt, now);
    }

    private Judgement OfScore(BounceScore score, DateTimeOffset? probedAt, DateTimeOffset now)
    {
        if (score.Value < WarnAt)
            return new Judgement.Count($"score {score.Words}");
        if (score.Value < SuspendAt)
            return new Judgement.Warn(Text($"score {score.Words}; suspends at {SuspendAt:0.0#}"));
        if (score.Span < MinSpan)
            return new Judgement.Warn(Text($"score {score.Words}, all within {score.Span.TotalDays:0} days; suspends after {MinSpan.TotalDays:0} at the earliest"));
        if (!Probes)
            return new Judgement.Suspend($"bounce score {score.Words}");
        return probedAt + ProbeEvery > now
            ? new Judgement.Warn(Text($"score {score.Words}; a probe went out on {probedAt:yyyy-MM-dd}, the next not before {probedAt + ProbeEvery:yyyy-MM-dd}"))
            : new Judgement.Probe($"score {score.Words}");
    }

    private ScoreLine LineOf(BounceEvent bounce, ReaderHistory history, DateTimeOffset now)
    {
        var weight = WeightOf(bounce.Verdict);
        if (bounce.IsExcused)
            return new(bounce, weight, 0, Text($"incident {bounce.Incident}: does not count"));
        if (bounce.Verdict.IsAboutSender)
            return new(bounce, 0, 0, "about us, not the reader");
        if (history.BackSince > bounce.At)
            return new(bounce, weight, 0, Text($"taken up again on {history.BackSince:yyyy-MM-dd}"));
        var later = history.Signs.Where(sign => sign.At > bounce.At && sign.At <= now).OrderBy(sign => sign.At).ToList();
        if (later.Find(sign => sign.Sign is LifeSign.Answered) is { } answered)
            return new(bounce, weight, 0, Text($"ended by an answer on {answered.At:yyyy-MM-dd}"));
        var age = now > bounce.At ? (now - bounce.At) / HalfLife : 0;
        return new(bounce, weight, weight * Math.Pow(0.5, age) * Math.Pow(StayedFactor, later.Count), later.Count switch
        {
            0 => "",
            1 => Text($"×{StayedFactor:0.##}: {Name(later[0])} stayed since"),
            var stayed => Text($"×{StayedFactor:0.##} for each of {stayed} letters that stayed since"),
        });
    }

    private static string Name(SignOfLife sign) => sign.Sign is LifeSign.ProbeStayed ? "a probe" : "a letter";

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
