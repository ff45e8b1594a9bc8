using System.Globalization;
using System.Text.RegularExpressions;

namespace Newsletter.Sending;

/// <summary>At most so many letters in any stretch of time of a length, wherever that stretch begins.</summary>
/// <param name="Count">Letters, at least 1.</param>
/// <param name="Period">The length, from a second to 31 days.</param>
public sealed partial record PaceLimit(int Count, TimeSpan Period)
{
    private static readonly TimeSpan LongestKeep = TimeSpan.FromSeconds(10);

    /// <summary>How long the right to one letter can be used, from its moment on; then it is lost, since rights saved up would go out in one heap.</summary>
    public TimeSpan Keep => Period / 20 < LongestKeep ? Period / 20 : LongestKeep;

    /// <summary>From one right to the next. A letter may go as much as <see cref="Keep"/> later than its right begins, so the rights of a period and that much more are no more than <see cref="Count"/>.</summary>
    public TimeSpan Interval => TimeSpan.FromTicks(((Period + Keep).Ticks + Count - 1) / Count);

    /// <summary>Reads one limit or several, such as <c>100/1h</c> or <c>20/s, 5000/1h, 40000/1d</c>: letters, a slash, a period in seconds, minutes, hours or days. Null for any other text; none in an empty one.</summary>
    public static IReadOnlyList<PaceLimit>? ReadAll(string text)
    {
        var limits = text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Read).ToList();
        return limits.Contains(null) ? null : [.. limits.OfType<PaceLimit>()];
    }

    /// <summary>One limit; null where the text is none.</summary>
    public static PaceLimit? Read(string text)
    {
        if (Form().Match(text.Trim()) is not { Success: true } match
            || !int.TryParse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
            return null;
        if (!int.TryParse(match.Groups["units"] is { Length: > 0 } units ? units.ValueSpan : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var times))
            return null;
        var unit = char.ToLowerInvariant(match.Groups["unit"].ValueSpan[0]) switch { 's' => TimeSpan.FromSeconds(1), 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), _ => TimeSpan.FromDays(1) };
        return times >= 1 && times <= TimeSpan.FromDays(31) / unit ? new(count, unit * times) : null;
    }

    /// <summary>The limit of a rate in letters a second, which may be less than one.</summary>
    public static PaceLimit OfRate(double perSecond) => perSecond >= 1
        ? new((int)perSecond, TimeSpan.FromSeconds((int)perSecond / perSecond))
        : new(1, TimeSpan.FromSeconds(1 / perSecond));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}/{Words(Period)}");

    private static string Words(TimeSpan period) => period switch
    {
        { Ticks: var t } when t % TimeSpan.TicksPerDay == 0 => string.Create(CultureInfo.InvariantCulture, $"{t / TimeSpan.TicksPerDay}d"),
        { Ticks: var t } when t % TimeSpan.TicksPerHour == 0 => string.Create(CultureInfo.InvariantCulture, $"{t / TimeSpan.TicksPerHour}h"),
        { Ticks: var t } when t % TimeSpan.TicksPerMinute == 0 => string.Create(CultureInfo.InvariantCulture, $"{t / TimeSpan.TicksPerMinute}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{period.TotalSeconds:0.###}s"),
    };

    [GeneratedRegex("^(?<count>[0-9]+) ?/ ?(?<units>[0-9]*) ?(?<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
