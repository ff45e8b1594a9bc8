using System.Text.Json;
using Dapper;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A wish, as a person of the house looks at it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Address">As given.</param>
/// <param name="Form">At which form.</param>
/// <param name="State">How it stands.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="Asked">How often, once a minute at most.</param>
/// <param name="From">Network address; empty: not known, or forgotten.</param>
/// <param name="Agent">The program that it names.</param>
/// <param name="Score">How much it looks like abuse.</param>
/// <param name="Reasons">Why.</param>
/// <param name="Mails">How many mails went.</param>
public sealed record ListedSignUp(long Id, string Address, string Form, SignUpState State, DateTimeOffset AskedAt, long Asked, string From, string Agent, int Score, IReadOnlyList<string> Reasons, int Mails);

public sealed partial class SignUpStore
{
    /// <summary>Wishes, the newest first.</summary>
    /// <param name="state">Only those that stand so; null: all.</param>
    /// <param name="before">Only those with a lower number; null: from the newest.</param>
    /// <param name="count">The most.</param>
    /// <param name="ct">Stops.</param>
    public Task<IReadOnlyList<ListedSignUp>> ListAsync(SignUpState? state, long? before, int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ListedSignUp>>(async connection =>
        [.. (await connection.QueryAsync<LineRow>($"""
            select id, address, form, state, asked_at, asked, asked_from, asked_agent, score, reasons, mails from signups
            where id < @before {(state is null ? "" : "and state = @state")} order by id desc limit @count
            """, new { before = before ?? long.MaxValue, state = state is { } one ? Word(one) : "", count })).Select(row => row.ToLine())], ct);

    /// <summary>How many are held.</summary>
    public Task<long> CountHeldAsync(CancellationToken ct) => database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from signups where state = 'held'"), ct);

    /// <summary>Lets a wish go that was held: its mail is owed now. False where none of that number is held.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="caps">The limits of mails to an address hold still.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<bool> ReleaseAsync(long id, SignUpCaps caps, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<WishRow>("""
            update signups set state = 'waiting', state_at = @now where id = @id and state = 'held'
            returning id, address, form, language, name, topics, fields, state, tried_at as mailed_at
            """, new { id, now = now.Ms() }, transaction);
        if (row is null)
            return false;
        var wish = row.ToProfile();
        if (await SubscriberStore.FindAsync(transaction.Connection!, wish.Address, transaction) is null && await subscribers.FindSuppressionAsync(transaction.Connection!, wish.Address, transaction) is null)
            await AddPendingAsync(transaction, row.Id, wish, now);
        if ((await LookAsync(transaction.Connection!, transaction, wish.Address, row.Form, caps, now)).HasMailsLeft)
            await transaction.Connection!.ExecuteAsync("update signups set due = @now where id = @id", new { id, now = now.Ms() }, transaction);
        return true;
    }, ct);

    /// <summary>Refuses a wish that was held or waits: no mail goes, and links that went out are no good. False where there is none of that number.</summary>
    public Task<bool> RefuseAsync(long id, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction => await transaction.Connection!.ExecuteAsync(
        "update signups set state = 'void', state_at = @now, due = null where id = @id and state in ('held', 'waiting')", new { id, now = now.Ms() }, transaction) == 1, ct);

    private sealed record LineRow
    {
        public required long Id { get; init; }
        public required string Address { get; init; }
        public required string Form { get; init; }
        public required string State { get; init; }
        public required long AskedAt { get; init; }
        public required long Asked { get; init; }
        public required string AskedFrom { get; init; }
        public required string AskedAgent { get; init; }
        public required long Score { get; init; }
        public required string Reasons { get; init; }
        public required long Mails { get; init; }

        public ListedSignUp ToLine() => new(Id, Address, Form, Enum.Parse<SignUpState>(State, ignoreCase: true), AskedAt.Instant(), Asked, AskedFrom, AskedAgent, (int)Score,
            JsonSerializer.Deserialize<List<string>>(Reasons)!, (int)Mails);
    }
}
