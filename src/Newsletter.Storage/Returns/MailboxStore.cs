using System.Data.Common;
using Dapper;

namespace Newsletter.Storage;

/// <summary>How a mailbox fares, as one machine sees it.</summary>
/// <param name="Name">The mailbox.</param>
/// <param name="Machine">Who reads it.</param>
/// <param name="ReadAt">When it was read last without trouble; null: never yet.</param>
/// <param name="MailAt">When a mail came last; null: none did.</param>
/// <param name="Mails">How many came.</param>
/// <param name="Trouble">What is wrong, with the remedy; empty: nothing.</param>
/// <param name="TroubleAt">Since when; null: nothing is wrong.</param>
public sealed record MailboxState(string Name, string Machine, DateTimeOffset? ReadAt, DateTimeOffset? MailAt, long Mails, string Trouble, DateTimeOffset? TroubleAt);

/// <summary>What is remembered of mailboxes: how they fare, which mails of a POP3 server were taken, and tokens that providers gave anew.</summary>
public sealed class MailboxStore(Database database)
{
    /// <summary>A machine that has said nothing for so long does not read any more: containers have a new name each time.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(2);

    /// <summary>It was read, and so many mails came.</summary>
    public Task ReadAsync(string name, string machine, int mails, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
        insert into mailbox_states (name, machine, read_at, mail_at, mails, seen_at) values (@name, @machine, @at, @mailAt, @mails, @at)
        on conflict (name, machine) do update set read_at = excluded.read_at, mail_at = coalesce(excluded.mail_at, mailbox_states.mail_at),
            mails = mailbox_states.mails + excluded.mails, trouble = '', trouble_at = null, seen_at = excluded.seen_at;
        delete from mailbox_states where seen_at < @old;
        """, new { name, machine, at = at.Ms(), mailAt = mails > 0 ? at.Ms() : (long?)null, mails = (long)mails, old = (at - Memory).Ms() }, transaction), ct);

    /// <summary>It cannot be read.</summary>
    public Task TroubleAsync(string name, string machine, string words, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
        insert into mailbox_states (name, machine, trouble, trouble_at, seen_at) values (@name, @machine, @words, @at, @at)
        on conflict (name, machine) do update set trouble = excluded.trouble, trouble_at = coalesce(mailbox_states.trouble_at, excluded.trouble_at), seen_at = excluded.seen_at
        """, new { name, machine, words = StoredText.Of(words), at = at.Ms() }, transaction), ct);

    /// <summary>All mailboxes that were read of late.</summary>
    public Task<IReadOnlyList<MailboxState>> StatesAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<MailboxState>>(async connection =>
        (await connection.QueryAsync<StateRow>("select name, machine, read_at, mail_at, mails, trouble, trouble_at from mailbox_states order by name, machine")).Select(row => row.ToState()).ToList(), ct);

    /// <summary>Up to when silence says something: to now, or to when the first mailbox could be read no more by anybody who tries.</summary>
    internal static async Task<DateTimeOffset> HeardUntilAsync(DbConnection connection, DbTransaction? transaction, DateTimeOffset now) =>
        await connection.ExecuteScalarAsync<long?>("""
            select min(since) from (select max(trouble_at) as since from mailbox_states where seen_at >= @recent group by name having count(*) = count(trouble_at)) deaf
            """, new { recent = (now - Memory).Ms() }, transaction) is { } since && since < now.Ms() ? since.Instant() : now;

    /// <summary>The mails of a POP3 mailbox that were taken and may lie there still, and when.</summary>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> TakenAsync(string mailbox, CancellationToken ct) => database.ReadAsync<IReadOnlyDictionary<string, DateTimeOffset>>(async connection =>
        (await connection.QueryAsync<(string Uid, long At)>("select uid, taken_at from mailbox_mails where mailbox = @mailbox", new { mailbox })).ToDictionary(row => row.Uid, row => row.At.Instant()), ct);

    /// <summary>This one was taken; twice is once.</summary>
    public Task TookAsync(string mailbox, string uid, DateTimeOffset at) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "insert into mailbox_mails (mailbox, uid, taken_at) values (@mailbox, @uid, @at) on conflict do nothing", new { mailbox, uid = StoredText.Of(uid), at = at.Ms() }, transaction), CancellationToken.None);

    /// <summary>These lie there no more.</summary>
    public async Task ForgetAsync(string mailbox, IEnumerable<string> uids)
    {
        if (uids.ToList() is { Count: > 0 } gone)
            await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
                $"delete from mailbox_mails where mailbox = @mailbox and uid {database.IsOneOf("@gone")}", new { mailbox, gone = database.Many(gone) }, transaction), CancellationToken.None);
    }

    /// <summary>The sealed refresh token that was given in place of the configured one; null for none.</summary>
    public Task<string?> FindTokenAsync(string mailbox, string configured, CancellationToken ct) => database.ReadAsync(connection =>
        connection.QuerySingleOrDefaultAsync<string?>("select sealed from mailbox_tokens where mailbox = @mailbox and configured = @configured", new { mailbox, configured }), ct);

    /// <summary>Keeps one in the place of whichever was kept.</summary>
    public Task KeepTokenAsync(string mailbox, string configured, string text, DateTimeOffset at) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
        insert into mailbox_tokens (mailbox, configured, sealed, at) values (@mailbox, @configured, @text, @at)
        on conflict (mailbox) do update set configured = excluded.configured, sealed = excluded.sealed, at = excluded.at
        """, new { mailbox, configured, text, at = at.Ms() }, transaction), CancellationToken.None);

    private sealed record StateRow
    {
        public required string Name { get; init; }
        public required string Machine { get; init; }
        public long? ReadAt { get; init; }
        public long? MailAt { get; init; }
        public required long Mails { get; init; }
        public required string Trouble { get; init; }
        public long? TroubleAt { get; init; }

        public MailboxState ToState() => new(Name, Machine, ReadAt.Instant(), MailAt.Instant(), Mails, Trouble, TroubleAt.Instant());
    }
}
