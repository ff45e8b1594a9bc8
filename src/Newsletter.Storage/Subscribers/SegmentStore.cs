using System.Runtime.CompilerServices;
using Dapper;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Saved segments, and whom a filter selects.</summary>
public sealed class SegmentStore(Database database)
{
    private const int Page = 1000;

    /// <summary>All that are saved, by name.</summary>
    public Task<IReadOnlyList<SavedSegment>> ListAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<SavedSegment>>(async connection =>
        (await connection.QueryAsync<SavedSegment>("select name, filter as text, about from segments order by name")).AsList(), ct);

    /// <summary>Null where there is none of that name.</summary>
    public Task<SavedSegment?> FindAsync(string name, CancellationToken ct) => database.ReadAsync(connection =>
        connection.QuerySingleOrDefaultAsync<SavedSegment>("select name, filter as text, about from segments where name = @name", new { name }), ct);

    /// <summary>Saves a segment; one of the same name is replaced.</summary>
    /// <returns>Whether it is new.</returns>
    public Task<bool> SaveAsync(SavedSegment segment, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var isNew = await transaction.Connection!.ExecuteScalarAsync<long>("select count(*) from segments where name = @Name", segment, transaction) == 0;
        await transaction.Connection!.ExecuteAsync("""
            insert into segments (name, filter, about, changed_at) values (@Name, @Text, @About, @at)
            on conflict (name) do update set filter = excluded.filter, about = excluded.about, changed_at = excluded.changed_at
            """, new { segment.Name, segment.Text, segment.About, at = at.Ms() }, transaction);
        return isNew;
    }, ct);

    /// <summary>Removes a segment; false where there is none of that name.</summary>
    public Task<bool> RemoveAsync(string name, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("delete from segments where name = @name", new { name }, transaction) == 1, ct);

    /// <summary>A filter with the saved segments that it names put in their places, or what is wrong.</summary>
    public async Task<(SegmentFilter? Filter, string? Fault)> ResolveAsync(SegmentFilter filter, CancellationToken ct)
    {
        var saved = (await ListAsync(ct)).ToDictionary(segment => segment.Name, segment => segment.Text);
        return SavedSegment.Resolve(filter, saved.GetValueOrDefault);
    }

    /// <summary>How many a filter selects, and how many of them are mailed: active, and not barred. The erased are nobody's.</summary>
    /// <param name="filter">Names no saved segment: <see cref="ResolveAsync"/>.</param>
    /// <param name="days">When days begin, and which is today.</param>
    /// <param name="ct">Stops the question.</param>
    public Task<(long All, long Mailed)> CountAsync(SegmentFilter filter, SegmentDays days, CancellationToken ct) => database.ReadAsync(connection =>
    {
        var sql = new SegmentSql(database, days.StartOf, days.Today);
        return connection.QuerySingleAsync<(long, long)>($"""
            select count(*), coalesce(sum(case when s.state = 'active' and not exists (select 1 from suppressions x where x.address_key = s.address_key) then 1 else 0 end), 0)
            from subscribers s where s.state <> 'erased' and {sql.Condition(filter)}
            """, sql.Parameters);
    }, ct);

    /// <summary>Whom a filter selects, in the order of their numbers. Read in pages.</summary>
    /// <inheritdoc cref="CountAsync"/>
    public async IAsyncEnumerable<Subscriber> SelectAsync(SegmentFilter filter, SegmentDays days, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var last = 0L; ;)
        {
            var sql = new SegmentSql(database, days.StartOf, days.Today);
            var condition = sql.Condition(filter);
            var parameters = sql.Parameters;
            parameters.Add("last", last);
            var rows = (await database.ReadAsync(connection => connection.QueryAsync<SubscriberRow>(
                $"select {SubscriberRow.Columns} from subscribers s where s.id > @last and s.state <> 'erased' and {condition} order by s.id limit {Page}", parameters), ct)).AsList();
            foreach (var row in rows)
                yield return row.ToSubscriber();
            if (rows.Count < Page)
                yield break;
            last = rows[^1].Id;
        }
    }
}

/// <summary>The days of the publication's calendar.</summary>
/// <param name="StartOf">When one begins, in UTC milliseconds.</param>
/// <param name="Today">The one on which it is asked.</param>
public sealed record SegmentDays(Func<DateOnly, long> StartOf, DateOnly Today)
{
    /// <summary>In a zone.</summary>
    public static SegmentDays Of(TimeZoneInfo zone, DateTimeOffset now) => new(
        day => new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(FirstOf(day, zone), zone)).ToUnixTimeMilliseconds(), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));

    /// <summary>Midnight, or the first minute that there is: some zones skip it when their summer begins.</summary>
    private static DateTime FirstOf(DateOnly day, TimeZoneInfo zone)
    {
        var first = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(first))
            first = first.AddMinutes(1);
        return first;
    }
}
