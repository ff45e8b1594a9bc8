using System.Globalization;
using System.Text.Json;
using Dapper;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>Something that a worker holds back.</summary>
/// <param name="Kind"><c>relay</c>, <c>domain</c> or <c>hours</c>.</param>
/// <param name="Name">Which.</param>
/// <param name="Until">No letter goes before; of what is only slowed, when it is looked at again.</param>
/// <param name="Reason">Why, in words for a person; the far server's own may be in it. From outside.</param>
public sealed record PaceHold(string Kind, string Name, DateTimeOffset Until, string Reason);

/// <summary>Keeps the limits that all workers share: each takes a handful of rights in one statement, so that the limit holds over all of them and costs no statement a letter.</summary>
public sealed class PaceStore(Database database)
{
    /// <summary>A worker takes rights for this long, and no right that begins later than this from now: what one has taken, another has to wait for.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromSeconds(1);

    private const int MostRights = 1000;

    /// <summary>Clocks of several machines may differ by so much; a right that lies further ahead was taken before a clock was set back.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>When the next right begins: where the last one taken ended, or now. After a clock was set back: one interval from now, as if one had just been taken.</summary>
    private const string First = "case when pace_buckets.next_at > @absurd then @now + @interval when pace_buckets.next_at > @now then pace_buckets.next_at else @now end";

    private sealed record GrantRow(long FirstAt, long Granted);

    private sealed record HoldRow(string Kind, string Name, long UntilAt, string Reason);

    /// <summary>Takes the next rights of a limit, as many as a second holds, at least one. An empty grant where others have all of the next second; the first right that is free is told.</summary>
    public async Task<(PaceGrant Grant, DateTimeOffset First)> TakeAsync(string name, PaceLimit limit, DateTimeOffset now, CancellationToken ct)
    {
        var count = (int)Math.Clamp(Horizon / limit.Interval, 1, MostRights);
        var interval = (limit.Interval.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;
        var row = await database.WriteAsync(transaction => transaction.Connection!.QuerySingleAsync<GrantRow>($"""
            insert into pace_buckets (name, next_at, first_at, granted) values (@name, @now + @count * @interval, @now, @count)
            on conflict (name) do update set
                first_at = {First},
                granted = case when {First} <= @horizon then @count else 0 end,
                next_at = {First} + case when {First} <= @horizon then @count * @interval else 0 end
            returning first_at, granted
            """, new
        {
            name, interval, now = Us(now), count = (long)count, horizon = Us(now + Horizon), absurd = Us(now + (2 * Horizon) + limit.Interval + Skew),
        }, transaction), ct);
        var first = Instant(row.FirstAt);
        return (new(first, (int)row.Granted, limit, Horizon), first);
    }

    /// <summary>Takes up to <paramref name="count"/> letters of a day's most. Returns how many there were left to take.</summary>
    public Task<int> TakeOfDayAsync(string name, DateOnly day, int most, int count, CancellationToken ct)
    {
        const string left = "case when pace_days.letters + @count <= @most then @count when pace_days.letters < @most then @most - pace_days.letters else 0 end";
        return database.WriteAsync(async transaction => (int)await transaction.Connection!.ExecuteScalarAsync<long>($"""
            insert into pace_days (name, day, letters, granted) values (@name, @day, @first, @first)
            on conflict (name, day) do update set granted = {left}, letters = pace_days.letters + {left}
            returning granted
            """, new { name, day = Word(day), most = (long)most, count = (long)count, first = (long)Math.Min(most, count) }, transaction), ct);
    }

    /// <summary>Gives back what was taken of a day and not sent. Takes no token: a worker that stops still gives back.</summary>
    public Task GiveBackAsync(string name, DateOnly day, int count) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("update pace_days set letters = letters - @count where name = @name and day = @day and letters >= @count", new { name, day = Word(day), count = (long)count }, transaction), CancellationToken.None);

    /// <summary>Forgets what is of no more use: limits of which nobody has taken a right for a day, which begin anew as if they had never been, and days that are past in every zone.</summary>
    public Task ForgetAsync(DateTimeOffset now, CancellationToken ct) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
        delete from pace_buckets where next_at < @over;
        delete from pace_days where day < @past;
        """, new { over = Us(now.AddDays(-1)), past = Word(DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1)) }, transaction), ct);

    /// <summary>Says what a worker holds back just now, instead of what it said before. What is named twice is said once, with the later time.</summary>
    public Task TellAsync(string worker, IReadOnlyCollection<PaceHold> holds, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        // What workers that are gone have left is over at its time; nobody else takes it away.
        await transaction.Connection!.ExecuteAsync("delete from pace_holds where worker = @worker or until_at < @old", new { worker, old = now.AddDays(-1).Ms() }, transaction);
        if (holds.Count > 0)
            await transaction.Connection!.ExecuteAsync($"""
                insert into pace_holds (worker, kind, name, until_at, reason)
                select @worker, r.value ->> 'Kind', r.value ->> 'Name', cast(r.value ->> 'Until' as bigint), r.value ->> 'Reason' from {database.Elements("@holds")}
                """, new { worker, holds = JsonSerializer.Serialize(Once(holds).Select(hold => new { hold.Kind, hold.Name, Until = hold.Until.Ms(), hold.Reason })) }, transaction);
    }, ct);

    /// <summary>What any worker holds back, each once with the latest time. What is over is not shown: a worker that was killed takes nothing back.</summary>
    public Task<IReadOnlyList<PaceHold>> HoldsAsync(DateTimeOffset now, CancellationToken ct) => database.ReadAsync<IReadOnlyList<PaceHold>>(async connection =>
        (await connection.QueryAsync<HoldRow>("select kind, name, until_at, reason from pace_holds where until_at > @now order by kind desc, name, until_at desc", new { now = now.Ms() }))
            .DistinctBy(row => (row.Kind, row.Name)).Select(row => new PaceHold(row.Kind, row.Name, row.UntilAt.Instant(), row.Reason)).ToList(), ct);

    private static IEnumerable<PaceHold> Once(IEnumerable<PaceHold> holds) => holds.OrderByDescending(hold => hold.Until).DistinctBy(hold => (hold.Kind, hold.Name));

    private static string Word(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static long Us(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Instant(long us) => DateTimeOffset.UnixEpoch.AddMicroseconds(us);
}
