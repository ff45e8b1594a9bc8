using System.Data.Common;
using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>A mail that is owed to an address for which somebody has asked.</summary>
/// <param name="Id">The wish.</param>
/// <param name="Address">Whom it goes to.</param>
/// <param name="Language">Of the page on which it was asked for; may be empty.</param>
/// <param name="AskedAt">When.</param>
/// <param name="IsSubscribed">Whether the address gets the newsletter already.</param>
public sealed record OwedConfirmation(SignUpId Id, EmailAddress Address, string Language, DateTimeOffset AskedAt, bool IsSubscribed);

public sealed partial class SignUpStore
{
    /// <summary>Later than this a mail would surprise more than help.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    /// <summary>Takes the next mail that is due, for so long: nobody else takes it until then. Null where none is.</summary>
    public async Task<OwedConfirmation?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct)
    {
        // Asked every few seconds: who only looks takes no lock.
        if (await database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from signups where due <= @now", new { now = now.Ms() }), ct) == 0)
            return null;
        return await database.WriteAsync(async transaction =>
        {
            var values = new { now = now.Ms(), until = (now + lease).Ms(), oldest = (now - Patience).Ms() };
            await DropAsync(transaction, values);
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<OwedRow>($"""
                update signups set due = @until, tried_at = @now where id = (select d.id from signups d where d.due <= @now order by d.due, d.id limit 1 {database.SkipLocked})
                returning id, made_at, address, language, asked_at,
                    (select count(*) from subscribers s where s.address_key = signups.address_key and s.state = 'active') as subscribed
                """, values, transaction);
            return row is null ? null : new OwedConfirmation(new(row.Id, row.MadeAt), EmailAddress.Read(row.Address)!, row.Language, row.AskedAt.Instant(), row.Subscribed > 0);
        }, ct);
    }

    /// <summary>It is sent, or, with words, never will be. Either counts as one of the mails that the address may get.</summary>
    public Task SettleAsync(SignUpId id, DateTimeOffset at, string words = "") => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "update signups set due = null, sent_at = @at, mails = mails + 1, words = @words where id = @Value and made_at = @MadeAt", new { id.Value, id.MadeAt, at = at.Ms(), words }, transaction),
        CancellationToken.None);

    /// <summary>What is too late, or would go to an address that a person of the house has barred, is settled without being sent.</summary>
    private static Task<int> DropAsync(DbTransaction transaction, object values) => transaction.Connection!.ExecuteAsync("""
        update signups set due = null, words = 'too late' where due <= @now and state_at < @oldest;
        update signups set due = null, words = 'barred' where due <= @now and exists (select 1 from suppressions s where s.address_key = signups.address_key and s.reason = 'manual')
        """, values, transaction);

    private sealed record OwedRow
    {
        public required long Id { get; init; }
        public required long MadeAt { get; init; }
        public required string Address { get; init; }
        public required string Language { get; init; }
        public required long AskedAt { get; init; }
        public required long Subscribed { get; init; }
    }
}
