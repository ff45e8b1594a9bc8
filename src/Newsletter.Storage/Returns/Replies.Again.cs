using System.Data.Common;
using Dapper;
using Newsletter.Returns;

namespace Newsletter.Storage;

/// <summary>Shows a mail again that was put away, or puts one away that should not have been shown.</summary>
internal static partial class Replies
{
    /// <summary>Brings back a mail that was shown or set aside before; it is forwarded only if it never was. False where it was neither.</summary>
    /// <param name="transaction">That reads it again.</param>
    /// <param name="mailId">The mail.</param>
    /// <param name="show">How it is shown; null: it is set aside.</param>
    /// <param name="at">When.</param>
    public static async Task<bool> ShowAgainAsync(DbTransaction transaction, long mailId, Consequence.ShowEditor? show, DateTimeOffset at)
    {
        var due = show is { Forward: true } ? at.Ms() : (long?)null;
        if (await transaction.Connection!.ExecuteAsync("update replies set forward_due = case when forwarded_at is null then @due end, not_passed_on = @notPassedOn where returned_mail_id = @mailId", new { mailId, due, notPassedOn = StoredText.Of(show?.NotPassedOn ?? "") }, transaction) == 0)
            return false;
        await transaction.Connection!.ExecuteAsync("""
            update threads set box = @box where id = (select thread_id from replies where returned_mail_id = @mailId)
                and not exists (select 1 from replies other where other.thread_id = threads.id and other.returned_mail_id <> @mailId);
            update threads set state = 'unread' where state = 'done' and box = @box and @box = 'people' and id = (select thread_id from replies where returned_mail_id = @mailId)
            """, new { mailId, box = show is null ? Machines : People }, transaction);
        return true;
    }

    /// <summary>Puts a mail away, and lets it be forwarded no more. Its conversation stays where other mail is in it. False where it was never shown.</summary>
    public static async Task<bool> PutAwayAsync(DbTransaction transaction, long mailId)
    {
        if (await transaction.Connection!.ExecuteAsync("update replies set forward_due = null where returned_mail_id = @mailId", new { mailId }, transaction) == 0)
            return false;
        await transaction.Connection!.ExecuteAsync("""
            update threads set state = 'done' where id = (select thread_id from replies where returned_mail_id = @mailId)
                and not exists (select 1 from replies other where other.thread_id = threads.id and other.returned_mail_id <> @mailId)
            """, new { mailId }, transaction);
        return true;
    }
}
