using System.Globalization;

namespace Newsletter.Sending;

/// <summary>How fast an edition goes, by what became of its letters in the last minute, over all workers.</summary>
/// <param name="Settled">Letters that were sent or failed for good in that time.</param>
/// <param name="Over">How long it was: a minute, or less where the edition began to run after that.</param>
public sealed record SendingPace(long Settled, TimeSpan Over)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>From when letters count.</summary>
    /// <param name="edition">One that is running.</param>
    /// <param name="now">The time.</param>
    public static DateTimeOffset Since(Edition edition, DateTimeOffset now) => edition.StateAt > now - Window ? edition.StateAt : now - Window;

    /// <summary>The pace, and how long those that wait take by it. Deferred letters have times of their own and are not in it.</summary>
    public string Words(Tally tally)
    {
        var perSecond = Settled / Math.Max(Over.TotalSeconds, 1);
        if (Settled == 0)
            return "none sent in the last minute";
        var waiting = tally.Waiting + tally.Claimed;
        var pace = perSecond >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:n0} a second") : string.Create(CultureInfo.InvariantCulture, $"{perSecond * 60:n0} a minute");
        return waiting == 0 ? pace : $"{pace}, {EditionWords.Span(TimeSpan.FromSeconds(Math.Ceiling(waiting / perSecond)))} left at this pace";
    }
}
