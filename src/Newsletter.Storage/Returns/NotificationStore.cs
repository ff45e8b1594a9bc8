using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Newsletter.Classifying;

namespace Newsletter.Storage;

/// <summary>An event that a provider told and that is to be kept.</summary>
/// <param name="Key">By what it is known when it is told again.</param>
/// <param name="Raw">Its JSON.</param>
public sealed record ToldEvent(byte[] Key, ReadOnlyMemory<byte> Raw);

/// <summary>What a proof is good for: one request.</summary>
/// <param name="Token">The proof's own, as the provider wrote it.</param>
/// <param name="Body">The request that came with it.</param>
/// <param name="Until">From when on it would be too old anyway.</param>
public sealed record OnceOnly(string Token, ReadOnlyMemory<byte> Body, DateTimeOffset Until);

/// <summary>Keeps what providers tell, beside the mail that came back: a row an event, however often it is told.</summary>
public sealed class NotificationStore(Database database)
{
    /// <summary>Stores the events of one request, all or none. Nothing is judged yet.</summary>
    /// <param name="form">Whose words.</param>
    /// <param name="trust">How the provider proved itself: <c>signature</c> or <c>secret</c>.</param>
    /// <param name="source">Whence, for people.</param>
    /// <param name="events">What it told.</param>
    /// <param name="once">Where the proof is good for one request alone.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns>The rows of those that came for the first time; null, and nothing is stored, where the proof was used for another request before.</returns>
    public Task<IReadOnlyList<long>?> KeepAsync(NotificationForm form, string trust, string source, IReadOnlyList<ToldEvent> events, OnceOnly? once, DateTimeOffset at, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<long>?>(async transaction =>
        {
            if (once is not null && !await UseAsync(transaction, form, once, at))
                return null;
            var kept = new List<long>();
            foreach (var told in events)
                if (await KeepAsync(transaction, NotificationForms.WordOf(form), trust, source, told, at) is { } id)
                    kept.Add(id);
            return kept;
        }, ct);

    private static async Task<long?> KeepAsync(DbTransaction transaction, string form, string trust, string source, ToldEvent told, DateTimeOffset at) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("""
            insert into returned_mails (content_hash, raw, size, source, received_at, form, trust) values (@hash, @packed, @Length, @source, @at, @form, @trust)
            on conflict (content_hash) do nothing returning id
            """, new
        {
            hash = $"{form}:{Convert.ToHexStringLower(SHA256.HashData(told.Key))}", // a mail's has no colon: none can take an event's place
            packed = RawMail.Pack(told.Raw),
            Length = (long)told.Raw.Length,
            source,
            at = at.Ms(),
            form,
            trust,
        }, transaction);

    /// <summary>False where the proof came with another request before.</summary>
    private static async Task<bool> UseAsync(DbTransaction transaction, NotificationForm form, OnceOnly once, DateTimeOffset at)
    {
        var values = new
        {
            token = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{form}\n{once.Token}"))),
            hash = Convert.ToHexStringLower(SHA256.HashData(once.Body.Span)),
            until = once.Until.Ms(),
            now = at.Ms(),
        };
        await transaction.Connection!.ExecuteAsync("delete from notification_tokens where until < @now", values, transaction);
        await transaction.Connection!.ExecuteAsync("insert into notification_tokens (token, body_hash, until) values (@token, @hash, @until) on conflict (token) do nothing", values, transaction);
        return await transaction.Connection!.QuerySingleAsync<string>("select body_hash from notification_tokens where token = @token", values, transaction) == values.hash;
    }
}
