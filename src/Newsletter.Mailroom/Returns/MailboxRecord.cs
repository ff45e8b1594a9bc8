using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Notes how each mailbox fares, for <c>status</c> and health; trouble is said once, and once more when it is over.</summary>
public sealed partial class MailboxRecord(MailboxStore store, TimeProvider clock, ILogger<MailboxRecord> log)
{
    /// <summary>A mailbox in which nothing changes is noted so often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, (string Trouble, DateTimeOffset Written)> known = new();

    /// <summary>It was read without trouble, and so many mails came.</summary>
    public async Task ReadAsync(string name, int mails, CancellationToken stop)
    {
        var (before, now) = (known.TryGetValue(name, out var last) ? last : default, clock.GetUtcNow());
        if (mails == 0 && before.Trouble is "" && now - before.Written < Pause)
            return;
        known[name] = ("", now);
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
        known[name] = (words, now);
        if (isNews)
            Trouble(log, name, words, cause);
        try { await store.TroubleAsync(name, Environment.MachineName, words, now, CancellationToken.None); }
        catch (Exception e) when (DatabaseTrouble.Explain(e, "") is not null) { /* the store is the trouble, or has its own: the log has the words */ }
    }

    [LoggerMessage(4004, LogLevel.Warning, "The mailbox {Mailbox} cannot be read: {Words}")]
    private static partial void Trouble(ILogger log, string mailbox, string words, Exception cause);

    [LoggerMessage(4005, LogLevel.Information, "The mailbox {Mailbox} is read again")]
    private static partial void Over(ILogger log, string mailbox);
}
