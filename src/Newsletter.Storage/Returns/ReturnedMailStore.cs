using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Replies;
using Newsletter.Returns;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A returned mail in the store.</summary>
/// <param name="Id">Its row.</param>
/// <param name="IsNew">Whether it came for the first time.</param>
public readonly record struct KeptMail(long Id, bool IsNew);

/// <summary>What a returned mail did.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Consequence">What had to follow.</param>
/// <param name="Outcome">What did follow, in a few words.</param>
public sealed record HandledMail(long Id, Consequence Consequence, string Outcome);

/// <summary>Keeps every mail that came back: first its bytes, then, once, what it did.</summary>
/// <param name="database">Which of the two.</param>
/// <param name="policy">Decides what a bounce does; null: the usual one.</param>
/// <param name="rules">Decide what is a wave; null: the usual ones.</param>
public sealed partial class ReturnedMailStore(Database database, BouncePolicy? policy = null, IncidentRules? rules = null)
{
    private readonly BounceLedger bounces = new(database, policy ?? BouncePolicy.Usual, rules ?? IncidentRules.Usual);
    private readonly ProbeStore probes = new(database, policy);

    /// <summary>Stores the bytes, compressed: a mail that comes twice is one row. Nothing is judged yet.</summary>
    /// <param name="raw">As it came.</param>
    /// <param name="fingerprint">By what it is known when it comes another way (<see cref="Fingerprint"/>); null: by its bytes alone.</param>
    /// <param name="source">Whence, for people: the mailbox's name, a file.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<KeptMail> KeepAsync(ReadOnlyMemory<byte> raw, string? fingerprint, string source, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(raw.Span));
        var id = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("""
            insert into returned_mails (content_hash, fingerprint, raw, size, source, received_at) values (@hash, @fingerprint, @packed, @Length, @source, @at)
            on conflict do nothing returning id
            """, new { hash, fingerprint, packed = RawMail.Pack(raw), Length = (long)raw.Length, source, at = at.Ms() }, transaction);
        if (id is { } kept)
            return new KeptMail(kept, IsNew: true);
        return new(await transaction.Connection!.QueryFirstAsync<long>(
            "select id from returned_mails where content_hash = @hash or fingerprint = @fingerprint order by id", new { hash, fingerprint }, transaction), IsNew: false);
    }, ct);

    /// <inheritdoc cref="KeepAsync(ReadOnlyMemory{byte}, string, string, DateTimeOffset, CancellationToken)"/>
    public Task<KeptMail> KeepAsync(ReadOnlyMemory<byte> raw, string source, DateTimeOffset at, CancellationToken ct) => KeepAsync(raw, null, source, at, ct);

    /// <summary>What came back of an edition: how many mails of each kind.</summary>
    public Task<IReadOnlyDictionary<string, long>> CountAsync(EditionId edition, CancellationToken ct) => database.ReadAsync<IReadOnlyDictionary<string, long>>(async connection =>
        (await connection.QueryAsync<(string Kind, long Mails)>("select kind, count(*) from returned_mails where edition_id = @Value and handled_at is not null group by kind order by kind", edition))
            .ToDictionary(row => row.Kind, row => row.Mails), ct);

    /// <summary>Applies a mail's consequence with its evidence, all or nothing, and once: null where it was handled before.</summary>
    /// <param name="id">The row.</param>
    /// <param name="traced">What the mail is, and which delivery it is about.</param>
    /// <param name="reply">What the editor reads, where it is shown.</param>
    /// <param name="decide">The consequence, by the address of the reader whom the mail proves to be about.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<HandledMail?> HandleAsync(long id, TracedMail traced, ReceivedReply reply, Func<EmailAddress?, Consequence> decide, DateTimeOffset at, CancellationToken ct) =>
        database.WriteAsync(async transaction =>
        {
            await Correspondence.KeepAsync(database, transaction);
            if (await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(
                "update returned_mails set handled_at = @at, error = '', error_at = null where id = @id and handled_at is null returning received_at", new { id, at = at.Ms() }, transaction) is not { } received)
                return null;
            var (consequence, outcome) = await ApplyAsync(transaction, id, traced, reply, decide(await AddressAsync(transaction, traced.Reader)), received.Instant(), at);
            await WriteVerdictAsync(transaction, id, traced, StoredText.Of(ReturnedVerdict.ToJson(traced.Mail)), consequence, outcome);
            return new HandledMail(id, consequence, outcome);
        }, ct);

    /// <summary>The bytes as they came; null where there is no such mail, or it was forgotten with its reader.</summary>
    public Task<byte[]?> RawAsync(long id, CancellationToken ct) => database.ReadAsync(async connection =>
        await connection.QuerySingleOrDefaultAsync<byte[]>("select raw from returned_mails where id = @id", new { id }) is { Length: > 0 } packed ? RawMail.Unpack(packed) : null, ct);

    private static Task<int> WriteVerdictAsync(DbTransaction transaction, long id, TracedMail traced, string verdict, Consequence consequence, string outcome) => transaction.Connection!.ExecuteAsync("""
        update returned_mails set kind = @Kind, verdict = @verdict, evidence = @Evidence, consequence = @Word, outcome = @outcome, edition_id = @edition, subscriber_id = @subscriber,
            sender_proof = @sender, sender_words = @senderWords
        where id = @id
        """, new
    {
        id,
        traced.Mail.Kind,
        verdict,
        Evidence = StoredText.Of(traced.Mail.Evidence),
        consequence.Word,
        outcome,
        edition = traced.Delivery?.Edition.Value,
        subscriber = traced.Reader?.Value,
        sender = traced.From.Word,
        senderWords = StoredText.Of(traced.From.Words),
    }, transaction);

    private async Task<(Consequence, string)> ApplyAsync(DbTransaction transaction, long id, TracedMail traced, ReceivedReply reply, Consequence consequence, DateTimeOffset received, DateTimeOffset at)
    {
        var (mail, delivery) = traced;
        return consequence switch
        {
            // The time is when it came, not when it was read: a backlog is no wave, and what came before a return to active does not undo it.
            Consequence.Weigh weigh => await bounces.TakeAsync(transaction, new(delivery!.Value, weigh.Verdict, weigh.Words, received, ReturnedMail: id)),
            Consequence.EndProbe probe => (consequence, await probes.CameBackAsync(transaction, traced.Probe!.Value, probe.Verdict, probe.Words, id, at)),
            Consequence.EndSubscription end => (consequence, await LeaveAsync(transaction, id, traced, reply, end, at)),
            Consequence.Complain => (consequence, await ComplainAsync(transaction, traced.Reader!.Value, new(SubscriptionState.Complained, "complaint", Actor.Server, at, mail.Evidence, delivery?.Edition, id))),
            Consequence.ShowEditor show => (consequence, await Replies.AddAsync(transaction, id, delivery, reply, show, at)),
            Consequence.SetAside => (consequence, await Replies.SetAsideAsync(transaction, id, delivery, reply, at)),
            Consequence.PassOn answer => (consequence, await PassedOn.AddAsync(transaction, id, delivery, reply, answer, at)),
            Consequence.Nothing nothing => (consequence, nothing.Why),
            _ => throw new System.Diagnostics.UnreachableException(consequence.GetType().Name),
        };
    }

    private async Task<string> ChangeAsync(DbTransaction transaction, SubscriberId reader, StandingChange change) =>
        Standings.Words(await Standings.ChangeAsync(database, transaction, reader, change), change.To);

    private async Task<string> ComplainAsync(DbTransaction transaction, SubscriberId reader, StandingChange change)
    {
        var outcome = await ChangeAsync(transaction, reader, change);
        await Standings.SuppressAsync(transaction, reader, new(SuppressionReason.Complaint, Actor.Server, change.At, change.Evidence));
        return outcome;
    }

    private static async Task<EmailAddress?> AddressAsync(DbTransaction transaction, SubscriberId? reader) => reader is null ? null
        : EmailAddress.Read(await transaction.Connection!.QuerySingleOrDefaultAsync<string>("select address from subscribers where id = @Value", reader.Value, transaction));
}
