using System.Globalization;

namespace Newsletter.Sending;

/// <summary>Why an edition stands where it stands and what comes next, in words for a person: the same in the command line and on the page.</summary>
public static class EditionWords
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Empty where the state says it all.</summary>
    public static string Why(Edition edition, DateTimeOffset now)
    {
        var parts = new[]
        {
            edition.Sandbox.Length > 0 ? $"sandbox: every letter goes to {edition.Sandbox}, none to a reader" : "",
            edition.ByPerson && edition.State is EditionState.Held or EditionState.Paused or EditionState.Cancelled ? "by a person" : "",
            edition.StateReason,
            Overdue(edition, now) is { Length: > 0 } overdue ? overdue
                : edition is { GoesOnAt: { } at, State: EditionState.Held or EditionState.Paused } ? $"{(edition.StartedAt is null ? "starts" : "goes on")} by itself {In(at - now)}" : "",
            edition.Priority is Priority.Normal ? "" : $"priority {edition.Priority.ToString().ToLowerInvariant()}",
        };
        return string.Join("; ", parts.Where(part => part.Length > 0));
    }

    /// <summary>Where its time came and nothing took it up: whoever serves looks every five seconds.</summary>
    private static string Overdue(Edition edition, DateTimeOffset now) =>
        (edition is { State: EditionState.Scheduled, StateReason: "" } ? edition.DueAt : edition.State is EditionState.Held or EditionState.Paused ? edition.GoesOnAt : null) is { } at && now - at > Patience
            ? $"its time came {Span(TimeSpan.FromSeconds((long)(now - at).TotalSeconds))} ago, and newsletter serve does not seem to run"
            : "";

    /// <summary>The numbers of an edition in a line: what is zero is left out, but for sent.</summary>
    /// <param name="tally">Where its deliveries stand.</param>
    /// <param name="isCancelled">Whether what waits waits for ever.</param>
    public static string Numbers(Tally tally, bool isCancelled = false)
    {
        (string Name, long Count)[] parts =
        [
            (isCancelled ? "never to be sent" : "waiting", tally.Waiting + tally.Claimed), ("deferred", tally.Deferred), ("failed", tally.Failed), ("skipped", tally.Skipped), ("in doubt", tally.InDoubt),
        ];
        return string.Join(", ", parts.Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count:n0} {part.Name}"))
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"{tally.Sent:n0} of {tally.Total:n0} sent")));
    }

    /// <summary>How long until then: <c>in 4 min 12 s</c>, <c>in 2 h 5 min</c>; <c>at once</c> when the time has come.</summary>
    public static string In(TimeSpan left) => left <= TimeSpan.Zero ? "at once" : string.Create(CultureInfo.InvariantCulture, $"in {Span(TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)))}");

    /// <summary>A length of time: <c>4 min 12 s</c>, <c>2 h 5 min</c>.</summary>
    internal static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{(int)span.TotalDays} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{span.Hours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{span.Seconds} s",
    };
}
