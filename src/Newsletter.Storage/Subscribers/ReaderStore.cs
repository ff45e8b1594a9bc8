using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>What readers choose and say on pages of their own. Every request may come twice, and a page may be in a stranger's hands: so it is bounded by the day.</summary>
public sealed partial class ReaderStore(Database database, ErasedAddresses erased)
{
    /// <summary>The most changes by one reader's links within a day.</summary>
    public const int ActsPerDay = 50;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Writes what a reader says of themselves, topics and language, with a line of what changed.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="choose">What is known of them from now on; its address is not looked at.</param>
    /// <param name="act">The line; its words are made here.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<ChangeOutcome> ChooseAsync(SubscriberId subscriber, Func<Profile, Profile> choose, ReaderAct act, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (await LockAsync(transaction, subscriber) is not { Profile: { } before })
            return ChangeOutcome.NobodyThere;
        var after = choose(before);
        if (before.ChangesTo(after) is not { Length: > 0 } changes)
            return ChangeOutcome.AlreadySo;
        if (!await MayActAsync(transaction, subscriber, act.At))
            return ChangeOutcome.TooMany;
        await transaction.Connection!.ExecuteAsync("update subscribers set name = @Name, fields = @fields, topics = @topics, topics_left = @left, language = @Language where id = @id", new
        {
            after.Name,
            fields = SubscriberRow.Text(after.Fields),
            topics = SubscriberRow.Text(after.Topics),
            left = SubscriberRow.Text(after.TopicsLeft),
            after.Language,
            id = subscriber.Value,
        }, transaction);
        await NoteAsync(transaction, subscriber, act with { Words = changes });
        return ChangeOutcome.Changed;
    }, ct);

    /// <summary>Pauses, or sets another end to a pause.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="change">To paused, with its end.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<ChangeOutcome> PauseAsync(SubscriberId subscriber, StandingChange change, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (await LockAsync(transaction, subscriber) is not { } found)
            return ChangeOutcome.NobodyThere;
        if (found.State is SubscriptionState.Paused && found.PausedUntil == change.Until)
            return ChangeOutcome.AlreadySo;
        if (change.Actor is Actor.Reader && !await MayActAsync(transaction, subscriber, change.At))
            return ChangeOutcome.TooMany;
        if (found.State is not SubscriptionState.Paused)
            return await Standings.ChangeAsync(database, transaction, subscriber, change);
        await transaction.Connection!.ExecuteAsync("update subscribers set paused_until = @until where id = @id", new { until = change.Until?.Ms(), id = subscriber.Value }, transaction);
        await NoteAsync(transaction, subscriber, new(change.At, "paused", change.Reason, change.Evidence, change.Edition));
        return ChangeOutcome.Changed;
    }, ct);

    /// <summary>Ends a pause, and nothing else that keeps letters back.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="change">Back to active.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<ChangeOutcome> GoOnAsync(SubscriberId subscriber, StandingChange change, CancellationToken ct) => database.WriteAsync(async transaction =>
        (await LockAsync(transaction, subscriber))?.State switch
        {
            null => ChangeOutcome.NobodyThere,
            SubscriptionState.Active => ChangeOutcome.AlreadySo,
            SubscriptionState.Paused when await MayActAsync(transaction, subscriber, change.At) => await Standings.ChangeAsync(database, transaction, subscriber, change),
            SubscriptionState.Paused => ChangeOutcome.TooMany,
            _ => ChangeOutcome.NotAllowed,
        }, ct);

    /// <summary>Makes those active again whose pause is over; a batch of them. Several at once take different ones.</summary>
    /// <returns>How many.</returns>
    public Task<int> EndPausesAsync(DateTimeOffset now, int batch, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var due = (await transaction.Connection!.QueryAsync<long>(
            $"select d.id from subscribers d where d.paused_until <= @now and d.state = 'paused' order by d.paused_until, d.id limit @batch {database.SkipLocked}", new { now = now.Ms(), batch }, transaction)).ToList();
        foreach (var id in due)
            await Standings.ChangeAsync(database, transaction, new(id), new(SubscriptionState.Active, "the pause is over", Actor.Clock, now));
        return due.Count;
    }, ct);

    /// <summary>Keeps why somebody left; the second answer takes the place of the first.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="act">The answer.</param>
    /// <param name="since">Of an earlier leaving nothing is asked any more.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns><see cref="ChangeOutcome.NotAllowed"/> where the reader did not leave by themselves, or longer ago.</returns>
    public Task<ChangeOutcome> SayWhyAsync(SubscriberId subscriber, ReaderAct act, DateTimeOffset since, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (await LockAsync(transaction, subscriber) is not { State: SubscriptionState.Unsubscribed, StateAt: var left } || left < since || !await LeftThemselvesAsync(transaction, subscriber))
            return ChangeOutcome.NotAllowed;
        await transaction.Connection!.ExecuteAsync("delete from reader_acts where subscriber_id = @id and act = @act and at >= @left", new { id = subscriber.Value, act = act.Act, left = left.Ms() }, transaction);
        await NoteAsync(transaction, subscriber, act);
        return ChangeOutcome.Changed;
    }, ct);

    /// <summary>Notes something that changes nothing of what is kept, so many times a day.</summary>
    /// <returns><see cref="ChangeOutcome.Changed"/> where it is noted.</returns>
    public Task<ChangeOutcome> NoteAsync(SubscriberId subscriber, ReaderAct act, int perDay, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (await LockAsync(transaction, subscriber) is null)
            return ChangeOutcome.NobodyThere;
        var noted = await transaction.Connection!.ExecuteScalarAsync<long>("select count(*) from reader_acts where subscriber_id = @id and act = @Act and at > @since",
            new { id = subscriber.Value, act.Act, since = (act.At - Day).Ms() }, transaction);
        if (noted >= perDay)
            return ChangeOutcome.TooMany;
        await NoteAsync(transaction, subscriber, act);
        return ChangeOutcome.Changed;
    }, ct);

    /// <summary>What a reader did on pages of their own, oldest first.</summary>
    public Task<IReadOnlyList<ReaderAct>> ActsAsync(SubscriberId subscriber, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ReaderAct>>(async connection =>
        (await connection.QueryAsync<ActRow>("select at, act, words, evidence, edition_id from reader_acts where subscriber_id = @id order by id", new { id = subscriber.Value }))
        .Select(row => new ReaderAct(row.At.Instant(), row.Act, row.Words, row.Evidence, row.EditionId is { } edition ? new EditionId(edition) : null)).ToList(), ct);

    /// <summary>Locked, so that nothing comes in between. Null where there is none, or nobody any more.</summary>
    private async Task<Subscriber?> LockAsync(DbTransaction transaction, SubscriberId subscriber) => (await transaction.Connection!.QuerySingleOrDefaultAsync<SubscriberRow>(
        $"select {SubscriberRow.Columns} from subscribers where id = @id and state <> 'erased' {database.ForUpdate}", new { id = subscriber.Value }, transaction))?.ToSubscriber();

    private static async Task<bool> MayActAsync(DbTransaction transaction, SubscriberId subscriber, DateTimeOffset now) => await transaction.Connection!.ExecuteScalarAsync<long>("""
        select (select count(*) from reader_acts where subscriber_id = @id and at > @since) + (select count(*) from subscriptions_log where subscriber_id = @id and at > @since)
        """, new { id = subscriber.Value, since = (now - Day).Ms() }, transaction) < ActsPerDay;

    private static async Task<bool> LeftThemselvesAsync(DbTransaction transaction, SubscriberId subscriber) => await transaction.Connection!.QueryFirstOrDefaultAsync<string>(
        "select actor from subscriptions_log where subscriber_id = @id order by id desc limit 1", new { id = subscriber.Value }, transaction) == Standings.Word(Actor.Reader);

    private static Task<int> NoteAsync(DbTransaction transaction, SubscriberId subscriber, ReaderAct act) => transaction.Connection!.ExecuteAsync(
        "insert into reader_acts (subscriber_id, at, act, words, evidence, edition_id) values (@id, @at, @Act, @Words, @Evidence, @edition)",
        new { id = subscriber.Value, at = act.At.Ms(), act.Act, act.Words, act.Evidence, edition = act.Edition?.Value }, transaction);

    private sealed record ActRow
    {
        public required long At { get; init; }
        public required string Act { get; init; }
        public required string Words { get; init; }
        public required string Evidence { get; init; }
        public long? EditionId { get; init; }
    }
}
