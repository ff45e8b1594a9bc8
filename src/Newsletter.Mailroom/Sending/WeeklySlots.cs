using Microsoft.Extensions.Logging;
using Newsletter.Composing;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>The next ready issue that has no edition yet, rendered; or null, with words that tell the editor why not.</summary>
public delegate Task<(RenderedIssue? Issue, string Words)> NextReadyIssue(IReadOnlySet<string> taken, CancellationToken ct);

/// <summary>Puts the next ready issue on the schedule each time the weekly slot comes round.</summary>
public sealed partial class WeeklySlots(SlotStore slots, EditionStore editions, NextReadyIssue nextReady, EditionRules rules, TimeZoneInfo zone, TimeProvider time, ILogger<WeeklySlots> log)
{
    /// <summary>A sandbox has a slot of its own: what is tried out must not use up that of the readers.</summary>
    private string Name => rules.Sending.Sandbox.Length > 0 ? "weekly in the sandbox" : "weekly";

    /// <summary>When the slot comes round next; null where there is none.</summary>
    public DateTimeOffset? Next() => rules.Schedule.Slot(zone)?.Next(time.GetUtcNow());

    /// <summary>
    /// Looks whether the slot has come round since it was looked at last, or will within the announcement: then the next ready issue is taken and stands as held until its time.
    /// Of several times that passed unseen only the latest counts; how late is too late is judged when the edition starts.
    /// </summary>
    /// <returns>What became of it; null where nothing came round, or another process was first.</returns>
    public async Task<SlotStore.Passing?> LookAsync(CancellationToken ct)
    {
        if (rules.Schedule.Slot(zone) is not { } slot)
            return null;
        var now = time.GetUtcNow();
        var was = await slots.NextDueAsync(Name, slot.ToString(), slot.Next(now), ct);
        if (was > now + rules.Announcement)
            return null;

        var (issue, words) = await nextReady(await editions.TakenSlugsAsync(rules.Sending.Sandbox, ct), ct);
        if (was > now && issue is null)
            return null; // it may get ready until its time
        List<DateTimeOffset> passed = [was];
        while (slot.Next(passed[^1]) is var later && later <= now)
            passed.Add(later);
        var passing = await slots.PassAsync(Name, was, passed[..^1], passed[^1], slot.Next(passed[^1] > now ? passed[^1] : now), issue, rules.Sending.Sandbox, words, now, ct);
        if (passing is { EditionId: null })
            LogEmpty(words);
        return passing;
    }

    [LoggerMessage(3003, LogLevel.Warning, "The weekly slot came round and no issue went on the schedule: {Words}")]
    private partial void LogEmpty(string words);
}
