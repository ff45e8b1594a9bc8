using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>A worker's watch over all mailboxes, each in a loop of its own, so that one in trouble keeps no other waiting; beside them, what has to be finished or handed on.</summary>
/// <remarks>Several workers that watch one mailbox do no harm: a mail acts once.</remarks>
public sealed partial class ReturnsShift(Mailboxes mailboxes, IReadOnlyList<LmtpListener> listeners, MailboxRecord record, TimeProvider time, ILogger<ReturnsShift> log) : Shift
{
    /// <summary>So often one looks for what was left undone and what could not be handed on.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim due = new(0, 1);
    private string unsettled = "";

    /// <inheritdoc/>
    protected override Task WorkAsync(CancellationToken stop) => Task.WhenAll(
    [
        .. mailboxes.All.Select(mailbox => KeepAtAsync(token => WatchAsync(mailbox, token), fault => record.TroubleAsync(mailbox.Name, Words(fault), fault), stop)),
        .. listeners.Select(listener => KeepAtAsync(token => ListenAsync(listener, token), fault => record.TroubleAsync(listener.Name, Words(fault), fault), stop)),
        KeepAtAsync(SettleAsync, SayUnsettledAsync, stop),
    ]);

    /// <inheritdoc/>
    public override void Dispose()
    {
        due.Dispose();
        base.Dispose();
    }

    private async Task WatchAsync(IMailbox mailbox, CancellationToken stop)
    {
        await using var visit = await mailbox.OpenAsync(stop);
        while (true)
        {
            if (await mailboxes.ReceiveAsync(mailbox.Name, visit, _ => { }, stop) > 0)
                Ring();
            await visit.WaitAsync(stop);
        }
    }

    private Task ListenAsync(LmtpListener listener, CancellationToken stop) =>
        listener.RunAsync((raw, recipient) => TakeAsync(listener.Name, raw, recipient), () => record.ReadAsync(listener.Name, mails: 0, stop), fault => LogLine(listener.Name, fault), stop);

    private async Task TakeAsync(string name, ReadOnlyMemory<byte> raw, string recipient)
    {
        try
        {
            await mailboxes.TakeAsync(raw, name, recipient);
            Ring();
            await record.ReadAsync(name, mails: 1, CancellationToken.None);
        }
        catch (Exception e)
        {
            await record.TroubleAsync(name, Words(e), e);
            throw; // the other side is told to come again
        }
    }

    private async Task SettleAsync(CancellationToken stop)
    {
        while (true)
        {
            await mailboxes.SettleAsync(stop);
            unsettled = "";
            await due.WaitAsync(Round, stop);
        }
    }

    /// <summary>Again and again, whatever goes wrong, with longer waits the longer it does.</summary>
    private async Task KeepAtAsync(Func<CancellationToken, Task> watch, Func<Exception, Task> say, CancellationToken stop)
    {
        await Task.Yield();
        for (var failures = 0; !stop.IsCancellationRequested;)
        {
            var since = time.GetTimestamp();
            try
            {
                await watch(stop);
            }
            catch (Exception) when (stop.IsCancellationRequested) // who ends in the middle of a look may find the line gone
            {
                return;
            }
            catch (Exception e) // whatever it is, it must not end the watch over the others
            {
                failures = time.GetElapsedTime(since) > TimeSpan.FromMinutes(10) ? 1 : failures + 1; // a line that held for long and broke is no trouble that lasts
                await say(e);
                await Task.Delay(Backoff.After(failures, Random.Shared.NextDouble()), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task SayUnsettledAsync(Exception fault)
    {
        if (unsettled != Words(fault))
        {
            LogUnsettled(Words(fault));
            LogWhy(fault);
        }
        unsettled = Words(fault);
        return Task.CompletedTask;
    }

    private static string Words(Exception error) => DatabaseTrouble.Explain(error, "database") ?? error.Message.ReplaceLineEndings(" ");

    private void Ring()
    {
        try { due.Release(); }
        catch (SemaphoreFullException) { /* rung already */ }
    }

    [LoggerMessage(4006, LogLevel.Warning, "What came back cannot be finished or handed on just now: {Words}; it is tried again")]
    private partial void LogUnsettled(string words);

    [LoggerMessage(4016, LogLevel.Debug, "Why what came back cannot be finished or handed on")]
    private partial void LogWhy(Exception fault);

    [LoggerMessage(4008, LogLevel.Error, "A line of {Listener} was ended by a fault; its mail server brings what was not acknowledged again")]
    private partial void LogLine(string listener, Exception fault);
}
