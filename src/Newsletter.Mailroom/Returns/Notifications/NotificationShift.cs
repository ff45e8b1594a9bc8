using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Newsletter.Mailroom;

/// <summary>Handles the events that were just stored, behind the answer: a provider waits a few seconds, and a thousand events are a thousand commits.</summary>
/// <remarks>What it does not come to, since the process ends or the database is away, stays stored and unhandled, and is handled when returned mail is next looked at.</remarks>
public sealed partial class NotificationShift(ReturnDesk desk, ILogger<NotificationShift> log) : Shift
{
    private const int Most = 20_000;
    private readonly Channel<long> waiting = Channel.CreateBounded<long>(new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Has these handled soon.</summary>
    public void Add(IEnumerable<long> ids)
    {
        foreach (var id in ids)
            waiting.Writer.TryWrite(id);
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var id in waiting.Reader.ReadAllAsync(stop))
                await HandleAsync(id, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Being told to stop is how it ends.
        }
    }

    private async Task HandleAsync(long id, CancellationToken stop)
    {
        try
        {
            if (await desk.FinishAsync(id, stop) is { Fault: { } fault })
                LogMarked(id, fault);
        }
        catch (Exception e) when (!stop.IsCancellationRequested) { LogWaits(id, e); } // it must not keep those behind it waiting
    }

    [LoggerMessage(4035, LogLevel.Error, "Event {Id} could not be handled and is marked; newsletter returns --failed shows it, newsletter receive --again tries it once more")]
    private partial void LogMarked(long id, Exception exception);

    [LoggerMessage(4033, LogLevel.Warning, "Event {Id} could not be handled now, and waits in the store")]
    private partial void LogWaits(long id, Exception exception);
}
