using System.Data.Common;
using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>Forgets what a person wrote to us, what they were answered and what servers told of them.</summary>
/// <remarks>
/// Their conversations go altogether, whoever else wrote in them: those are about the person and quote them. Of a mail the row stays, without bytes and words:
/// what came back of an edition still adds up, and a mail that comes once more is known.
/// </remarks>
internal static class Correspondence
{
    private const string Lock = "newsletter correspondence";

    /// <summary>Until the commit nobody is forgotten: a conversation that was found stays there, and what is filed is found by who forgets next.</summary>
    public static Task KeepAsync(Database database, DbTransaction transaction) => database.TogetherOnAsync(transaction, Lock);

    /// <summary>Until the commit nothing is filed. Before any row is locked: who files locks rows afterwards.</summary>
    public static Task BeginToForgetAsync(Database database, DbTransaction transaction) => database.AloneOnAsync(transaction, Lock);

    /// <summary>The mails that name an address as one to which something was not delivered, or which complained. Read before the transaction: it looks through all mails.</summary>
    public static Task<IReadOnlyList<long>> NamingAsync(Database database, EmailAddress address, CancellationToken ct) => database.ReadAsync<IReadOnlyList<long>>(async connection =>
        (await connection.QueryAsync<long>(@"select id from returned_mails where lower(verdict) like @named escape '\' or lower(verdict) like @key escape '\'",
            new { named = $"%\"{Like.Literal(address.Value)}\"%", key = $"%\"{Like.Literal(address.Key)}\"%" })).AsList(), ct);

    /// <summary>The mails of a person, by them and in their conversations.</summary>
    public static async Task<IReadOnlyList<long>> MailsAsync(DbConnection connection, DbTransaction? transaction, SubscriberId subscriber, EmailAddress address)
    {
        const string Threads = "(select id from threads where subscriber_id = @id)";
        return (await connection.QueryAsync<long>($"""
            select id from returned_mails where subscriber_id = @id
            union select returned_mail_id from replies where thread_id in {Threads} or lower(sender) in (@address, @Key) or lower(answer_to) in (@address, @Key)
            union select returned_mail_id from answers where returned_mail_id is not null and (thread_id in {Threads} or lower(address) in (@address, @Key))
            """, new { id = subscriber.Value, address = address.Value.ToLowerInvariant(), address.Key }, transaction)).AsList();
    }

    /// <summary>Inside the transaction that erases the person.</summary>
    /// <param name="database">Which of the two.</param>
    /// <param name="transaction">That erases.</param>
    /// <param name="subscriber">Who.</param>
    /// <param name="address">Theirs.</param>
    /// <param name="naming">Mails that name them.</param>
    /// <param name="at">When.</param>
    /// <returns>How many mails are without words now.</returns>
    public static async Task<int> ForgetAsync(Database database, DbTransaction transaction, SubscriberId subscriber, EmailAddress address, IReadOnlyList<long> naming, DateTimeOffset at)
    {
        var connection = transaction.Connection!;
        var mails = (await MailsAsync(connection, transaction, subscriber, address)).Union(naming).ToList();
        var names = new { address = address.Value.ToLowerInvariant(), address.Key, mails = database.Many(mails), nothing = Array.Empty<byte>(), at = at.Ms() };
        var touched = (await connection.QueryAsync<long>($"select distinct thread_id from replies where returned_mail_id {database.IsOneOf("@mails")}", names, transaction)).AsList();
        await SpentIds.KeepAsync(transaction);
        await connection.ExecuteAsync($"""
            delete from answers where lower(address) in (@address, @Key) or reply_id in (select id from replies where returned_mail_id {database.IsOneOf("@mails")});
            delete from replies where returned_mail_id {database.IsOneOf("@mails")};
            update returned_mails set raw = @nothing, verdict = '', evidence = '', outcome = 'forgotten with its reader', error = '', error_at = null, sender_proof = '', sender_words = '', handled_at = coalesce(handled_at, @at)
                where id {database.IsOneOf("@mails")};
            update returned_verdicts set verdict = '', evidence = '', outcome = '' where returned_mail_id {database.IsOneOf("@mails")};
            """, names, transaction);
        await connection.ExecuteAsync($"""
            delete from thread_tags where thread_id {database.IsOneOf("@touched")} and not exists (select 1 from replies r where r.thread_id = thread_tags.thread_id);
            delete from threads where id {database.IsOneOf("@touched")} and not exists (select 1 from replies r where r.thread_id = threads.id);
            update threads set subject = (select r.subject from replies r where r.thread_id = threads.id order by r.id limit 1) where id {database.IsOneOf("@touched")};
            """, new { touched = database.Many(touched) }, transaction);
        return mails.Count;
    }
}
