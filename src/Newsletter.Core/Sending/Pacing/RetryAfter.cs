using System.Globalization;
using System.Text.RegularExpressions;

namespace Newsletter.Sending;

/// <summary>How long a server asks us to wait, read from the words of its reply: SMTP has no field for it, and every provider has its own way to say it.</summary>
/// <remarks>
/// A time counts only behind a word that asks to wait ("try again in 5 minutes", "greylisted for 300 seconds"), and not where something is counted in between
/// ("deferred: 100 messages in 60 seconds"): what is not understood is left to the rule of retries, which errs by minutes.
/// </remarks>
public static partial class RetryAfter
{
    /// <summary>What is asked for beyond this is cut to it: a server's slip must not end an edition.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private const int MostRead = 1000;

    private static readonly Dictionary<string, double> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["a"] = 1, ["an"] = 1, ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["ten"] = 10, ["fifteen"] = 15, ["twenty"] = 20, ["thirty"] = 30,
        ["sixty"] = 60, ["half an"] = 0.5, ["a couple of"] = 5, ["a few"] = 5, ["few"] = 5, ["some"] = 5, ["several"] = 10,
    };

    /// <summary>The wait that the words ask for, between a second and <see cref="Longest"/>; null where they ask for none.</summary>
    /// <param name="words">A reply's text. From outside.</param>
    /// <param name="now">Against which a point of time is reckoned.</param>
    public static TimeSpan? Read(string words, DateTimeOffset now)
    {
        var text = words.Length > MostRead ? words[..MostRead] : words;
        var asked = OfSeconds(text) ?? OfInstant(text, now) ?? OfSpan(text) ?? (Tomorrow().IsMatch(text) ? Longest : null);
        return asked is not { } wait ? null : wait < Shortest ? Shortest : wait > Longest ? Longest : wait;
    }

    /// <summary>Whether the words speak of greylisting: then a wait that is named is that of one letter.</summary>
    public static bool IsGreylisting(string words) => Grey().IsMatch(words);

    private static TimeSpan? OfSeconds(string text) => Bare().Match(text) is { Success: true } match ? Bounded(Number(match.Groups["n"].Value)) : null;

    private static TimeSpan? OfInstant(string text, DateTimeOffset now) =>
        Instant().Match(text) is { Success: true } match
        && DateTimeOffset.TryParse(match.Groups["at"].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > now ? at - now : null;

    private static TimeSpan? OfSpan(string text)
    {
        foreach (Match match in Asked().Matches(text))
            if (!Counted().IsMatch(match.Groups["between"].ValueSpan))
                return match.Groups["clock"] is { Success: true } clock ? OfClock(clock.Value) : Sum(match.Groups["span"].Value);
        return Before().Match(text) is { Success: true } before ? Sum(before.Groups["span"].Value) : null;
    }

    private static TimeSpan Sum(string span) =>
        Amount().Matches(span).Aggregate(TimeSpan.Zero, (sum, amount) => sum + (Bounded(Number(amount.Groups["n"].Value) * SecondsOf(amount.Groups["u"].Value.ToLowerInvariant()))));

    /// <summary>Minutes and seconds, or hours, minutes and seconds.</summary>
    private static TimeSpan OfClock(string clock) => clock.Split(':').Aggregate(TimeSpan.Zero, (sum, part) => (sum * 60) + Bounded(Number(part)));

    private static double Number(string text) =>
        Numbers.TryGetValue(Blanks().Replace(text.Trim(), " "), out var known) ? known
        : double.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 2 * Longest.TotalSeconds));

    private static double SecondsOf(string unit) => unit switch
    {
        "ms" => 0.001,
        _ when unit.StartsWith("st", StringComparison.Ordinal) || unit[0] is 'h' or 'o' or 'u' => 3600, // Stunden, hours, heures, horas, ore, uur
        _ when unit[0] is 's' => 1,
        _ when unit[0] is 'm' => 60,
        _ => 86400,
    };

    private const string Unit = "(?:ms|s|secs?|seconds?|sek|sekunden?|secondes?|segundos?|secondi|seconden|m|mins?|minutes?|minuten?|minutos?|minuti|minuut"
        + "|h|hrs?|hours?|std|stunden?|heures?|horas?|ore|uur|uren|d|days?|tage?n?|jours?|d[ií]as?|giorni|dagen)";

    private const string Digits = "[0-9]{1,9}(?:[.,][0-9]+)?";

    private const string Words = "half an|a couple of|a few|an?|few|some|several|one|two|three|four|five|six|ten|fifteen|twenty|thirty|sixty";

    private const string Count = "(?:" + Digits + "[ -]?|(?:" + Words + ")[ -])";

    private const string Cue = "(?:try(?:ing)?|re-?try(?:ing)?|re-?send(?:ing)?|re-?submit|re-?connect(?:ing)?|come back|again|back(?:ing)? ?off|hold off|wait(?:ing)?|delay(?:ed)?|defer(?:red)?|postponed?"
        + "|gr[ea]y-?list(?:ed|ing)?|throttled|blocked|suspended|resume|next attempt|available|r[ée]essay\\w*|patient\\w*|versuchen|warten|erneut|opnieuw|probeer|riprova\\w*|int[ée]nt\\w*|espere)";

    [GeneratedRegex("\\b" + Cue + "\\b(?<between>[^0-9.;]{0,40}?)(?<![a-z0-9])(?:(?<clock>[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?)(?![0-9:])(?! ?(?:utc|gmt|z|am|pm|o'clock))|(?<span>" + Count + Unit + "(?![a-zí])(?:,?(?: and)? ?[0-9]{1,9} ?" + Unit + "(?![a-zí])){0,3}))",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Asked();

    /// <summary>The word that asks stands behind: "in 5 Minuten erneut", "5 minutes before you try again".</summary>
    [GeneratedRegex("(?<![a-z0-9.:])(?<span>" + Count + Unit + ")\\b,? (?:before|bevor|later|then retry|and (?:re)?try|(?:noch ?mal|wieder|erneut)\\b)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    [GeneratedRegex("(?:(?<![0-9.,])(?<n>" + Digits + ")[ -]?|(?<![a-z])(?<n>" + Words + ")[ -])(?<u>" + Unit + ")(?![a-zí])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Amount();

    /// <summary>"Retry-After: 120", "retry=300": seconds where nothing else is said.</summary>
    [GeneratedRegex("\\bretry(?:[-_ ]?after|[-_ ]?in|[-_ ]?delay)?\\s?[:= ]\\s?(?<n>[0-9]{1,9})(?= ?(?:$|[;,)\\]'\"]|\\.(?![0-9])))", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Bare();

    [GeneratedRegex("\\b(?:after|until|at|before)\\b:? (?<at>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\\.[0-9]+)?(?: ?(?:Z|UTC|GMT)|[+-][0-9]{2}:?[0-9]{2})?)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Instant();

    [GeneratedRegex("\\b(?:try|retry|again|wait|resend)\\b[^.;]{0,20}\\btomorrow\\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tomorrow();

    [GeneratedRegex("\\b(?:within|until|up to|last|past|over|old|many|more|messages?|mails?|e-?mails?|connections?|recipients?|per|exceed\\w*|limit\\w*|sent|received|every)\\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Counted();

    [GeneratedRegex("gr[ea]y-?list", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Grey();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();
}
