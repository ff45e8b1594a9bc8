using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Hands the rows of a list to those who take it in side by side, a part for each at a time: while they write, the next is read.</summary>
internal sealed class ImportLanes : IAsyncDisposable
{
    /// <summary>SQLite's lock is asked for once in a tenth of a second at worst, and by nobody in a queue: whoever else writes gets a turn only where it is free for longer than that.</summary>
    private static readonly TimeSpan TurnForOthers = TimeSpan.FromMilliseconds(110);

    private readonly SubscriberImport import;
    private readonly int partSize;
    private readonly ImportWatch watch;
    private readonly byte[] source;
    private readonly CancellationTokenSource stop;
    private readonly Channel<ImportPart>[] parts;
    private readonly ImportLane[] reached;
    private readonly PackedPeople[] filling;
    private readonly ConcurrentBag<PackedPeople> emptied = [];
    private readonly long[] from;
    private readonly Task[] work;
    private int rows;
    private long bad;
    private long line;
    private long position;

    public ImportLanes(SubscriberImport import, ImportRun run, int partSize, ImportWatch watch, CancellationToken ct)
    {
        (this.import, this.partSize, this.watch, Run, source) = (import, partSize, watch, run, Encoding.UTF8.GetBytes(run.List));
        stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        reached = [.. run.Lanes];
        from = [.. run.Lanes.Select(lane => lane.Line)];
        filling = [.. run.Lanes.Select(_ => Empty())];
        parts = [.. run.Lanes.Select(_ => Channel.CreateBounded<ImportPart>(1))];
        work = [.. run.Lanes.Select((_, lane) => Task.Run(() => TakeAsync(lane), CancellationToken.None))];
    }

    /// <summary>Stopped by whoever began it, or by a lane that cannot go on.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>As far as it is.</summary>
    public ImportRun Run { get; private set; }

    /// <summary>The next row of the list, and how far it is read.</summary>
    public ValueTask AddAsync(PlainRow row, long at)
    {
        (line, position) = (row.Line, at);
        var lane = Run.LaneOf(row.Address);
        if (line > from[lane])
            filling[lane].Add(row, source);
        return ++rows % partSize == 0 ? HandOverAsync() : ValueTask.CompletedTask;
    }

    /// <inheritdoc cref="AddAsync(PlainRow, long)"/>
    public ValueTask AddAsync(ListRow row, long at)
    {
        (line, position) = (row.Line, at);
        if (row is ListRow.Person person)
        {
            var lane = Run.LaneOf(person.Profile.Address);
            if (line > from[lane])
                filling[lane].Add(person);
        }
        else if (line > from[0]) // the first lane counts what has no address
        {
            bad++;
            watch.Bad((ListRow.Bad)row);
        }
        return ++rows % partSize == 0 ? HandOverAsync() : ValueTask.CompletedTask;
    }

    /// <summary>All rows were added: returns when they are in.</summary>
    /// <exception cref="ImportOverException">Another process goes on with the same list.</exception>
    public async Task EndAsync()
    {
        await HandOverAsync();
        foreach (var lane in parts)
            lane.Writer.Complete();
        await Task.WhenAll(work);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var lane in parts)
            lane.Writer.TryComplete();
        try
        {
            // Why a lane could not go on is more than that the reading was stopped for it.
            await Task.WhenAll(work);
        }
        catch (OperationCanceledException)
        {
        }
        stop.Dispose();
    }

    private async ValueTask HandOverAsync()
    {
        for (var lane = 0; lane < parts.Length; lane++)
        {
            if (filling[lane].Count == 0 && (lane > 0 || bad == 0))
                continue;
            await parts[lane].Writer.WriteAsync(new(lane, filling[lane], from[lane], line, lane == 0 ? bad : 0), Stop);
            (filling[lane], from[lane]) = (Empty(), line);
            bad = lane == 0 ? 0 : bad;
        }
    }

    private async Task TakeAsync(int lane)
    {
        try
        {
            // A part leaves its place when it is in: one is taken, one fills, and none waits in between, for each is megabytes.
            while (await parts[lane].Reader.WaitToReadAsync(Stop) && parts[lane].Reader.TryPeek(out var part))
            {
                var tally = await import.TakeAsync(Run, part, reached[lane].Tally, Stop);
                lock (stop)
                {
                    reached[lane] = new(part.To, tally);
                    Run = Run with { Lanes = [.. reached] };
                    watch.Takes(Run.Tally, position);
                }
                part.People.Clear();
                emptied.Add(part.People);
                parts[lane].Reader.TryRead(out _);
                if (import.Lanes == 1)
                    await Task.Delay(TurnForOthers, Stop);
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private PackedPeople Empty() => emptied.TryTake(out var people) ? people : new(Run.Id, Run.At, partSize / Run.Lanes.Count);
}
