using System.Globalization;
using System.Text.Json;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Cli;

/// <summary>An edition's numbers, for people and for scripts (docs/architecture.md §3).</summary>
internal static class TallyText
{
    /// <summary>One line of JSON.</summary>
    public static string Json(Edition edition, Tally tally, double seconds) => JsonSerializer.Serialize(new
    {
        edition = edition.Id.Value,
        state = edition.State.ToString().ToLowerInvariant(),
        candidates = edition.Candidates,
        excluded = edition.Candidates - tally.Total,
        sent = tally.Sent,
        deferred = tally.Deferred,
        failed = tally.Failed,
        skipped = tally.Skipped,
        inDoubt = tally.InDoubt,
        waiting = tally.Waiting + tally.Claimed,
        seconds = Math.Round(seconds, 3),
        reason = edition.StateReason,
        goesOnAt = edition.GoesOnAt?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        priority = edition.Priority.ToString().ToLowerInvariant(),
        sandbox = edition.Sandbox,
    });
}

/// <summary>Shows how far an edition is: one line that is written over on a terminal, a line each ten seconds elsewhere.</summary>
internal sealed class SendingLine(TextWriter to, bool isTerminal, TimeProvider time) : IProgress<SendingProgress>
{
    private readonly Lock gate = new();
    private long? last;
    private int length;
    private string? trouble;

    public void Report(SendingProgress value)
    {
        lock (gate)
        {
            var isNews = value.Trouble is not null && value.Trouble != trouble;
            trouble = value.Trouble ?? trouble;
            if (!isNews && last is { } before && time.GetElapsedTime(before) < (isTerminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10)))
                return;
            last = time.GetTimestamp();
            Write(Line(value), isNews);
        }
    }

    /// <summary>Takes the line away, so that what follows stands alone.</summary>
    public void Clear()
    {
        if (isTerminal && length > 0)
            to.Write($"\r{new string(' ', length)}\r");
        length = 0;
    }

    private void Write(string line, bool keep)
    {
        if (!isTerminal)
        {
            to.WriteLine(line);
            return;
        }
        to.Write($"\r{line.PadRight(length)}{(keep ? "\n" : "")}");
        length = keep ? 0 : line.Length;
    }

    private static string Line(SendingProgress value)
    {
        var tally = value.Tally;
        var left = value.Left is { } time && tally.Open > 0 ? string.Create(CultureInfo.InvariantCulture, $", {(time.TotalHours >= 1 ? $"{time:h\\:mm\\:ss}" : $"{time:m\\:ss}")} left") : "";
        return value.Trouble is { } words
            ? $"{EditionWords.Numbers(tally)}; {words}"
            : string.Create(CultureInfo.InvariantCulture, $"{EditionWords.Numbers(tally)}, {value.PerSecond:n0} a second{left}");
    }
}
