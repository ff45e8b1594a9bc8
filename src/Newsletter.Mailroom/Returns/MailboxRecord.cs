using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Notes how each mailbox fares, for <c>status</c> and health; trouble is said when it begins, when it changes and when it is over; while it lasts after an hour, and then each time twice as late, once a day at last.</summary>
public sealed partial class MailboxRecord(MailboxStore store, TimeProvider clock, ILogger<MailboxRecord> log)
{
    /// <summary>A mailbox in which nothing changes is noted so often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstReminder = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestReminder = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Known> known = new();

    /// <param name="Trouble">Empty for none.</param>
    /// <param name="Written">When the store was told last.</param>
    /// <param name="Since">When this trouble began.</param>
    /// <param name="Said">When the log was told last.</param>
    private readonly record struct Known(string Trouble, DateTimeOffset Written, DateTimeOffset Since = default, DateTimeOffset Said = default);

    /// <summary>It was read without trouble, and so many mails came.</summary>
    public async Task ReadAsync(string name, int mails, CancellationToken stop)
    {
        var (before, now) = (known.TryGetValue(name, out var last) ? last : default, clock.GetUtcNow());
        if (mails == 0 && before.Trouble is "" && now - before.Written < Pause)
            return;
        known[name] = new("", now);
        if (before.Trouble is { Length: > 0 })
            Over(log, name);
        await store.ReadAsync(name, Environment.MachineName, mails, now, stop);
    }

    /// <summary>It cannot be read.</summary>
    public async Task TroubleAsync(string name, string words, Exception cause)
    {
        var (now, isNews) = (clock.GetUtcNow(), !known.TryGetValue(name, out var before) || before.Trouble != words);
        if (!isNews && now - before.Written < Pause)
            return;
        var (since, said) = isNews ? (now, now) : (before.Since, before.Said);
        if (isNews)
        {
            Trouble(log, name, Bare(name, words));
            Cause(log, name, cause);
        }
        else if (now - said >= Distance(said - since))
        {
            said = now;
            Lasts(log, name, (long)(now - since).TotalHours, Bare(name, words));
        }
        known[name] = new(words, now, since, said);
        try { await store.TroubleAsync(name, Environment.MachineName, words, now, CancellationToken.None); }
        catch (Exception e) when (DatabaseTrouble.Explain(e, "") is not null) { /* the store is the trouble, or has its own: the log has the words */ }
    }

    /// <summary>Most words begin with the mailbox's name, which the line has already.</summary>
    private static string Bare(string name, string words) => words.StartsWith($"{name}: ", StringComparison.Ordinal) ? words[(name.Length + 2)..] : words;

    private static TimeSpan Distance(TimeSpan lasted) => TimeSpan.FromTicks(Math.Clamp(lasted.Ticks, FirstReminder.Ticks, LongestReminder.Ticks));

    [LoggerMessage(4004, LogLevel.Warning, "The mailbox {Mailbox} cannot be read: {Words}")]
    private static partial void Trouble(ILogger log, string mailbox, string words);

    [LoggerMessage(4014, LogLevel.Warning, "The mailbox {Mailbox} cannot be read, for {Hours} h now: {Words}")]
    private static partial void Lasts(ILogger log, string mailbox, long hours, string words);

    [LoggerMessage(4015, LogLevel.Debug, "Why the mailbox {Mailbox} cannot be read")]
    private static partial void Cause(ILogger log, string mailbox, Exception cause);

    [LoggerMessage(4005, LogLevel.Information, "The mailbox {Mailbox} is read again")]
    private static partial void Over(ILogger log, string mailbox);
}
