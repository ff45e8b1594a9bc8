using System.Data.Common;
using System.Globalization;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Replies;
using Newsletter.Returns;

namespace Newsletter.Storage;

/// <summary>Writes down what the editor answered from their own mailbox, inside the transaction that handles that mail.</summary>
internal static class PassedOn
{
    /// <summary>More than a person writes to one reader in a day: beyond it two machines are talking.</summary>
    private const int MostInADay = 50;

    /// <summary>Due at once; what cannot go on is shown in its conversation.</summary>
    public static async Task<string> AddAsync(DbTransaction transaction, long mailId, DeliveryId? delivery, ReceivedReply mail, Consequence.PassOn answer, DateTimeOffset at)
    {
        var reply = await InboxStore.ReplyAsync(transaction, answer.Reply);
        var before = await transaction.Connection!.ExecuteScalarAsync<long>("select count(*) from answers where thread_id = @Thread and returned_mail_id is not null and at > @since", new { answer.Thread, since = at.AddDays(-1).Ms() }, transaction);
        if (reply?.ThreadId != answer.Thread || reply.AnswerTo is not { } to || before >= MostInADay)
            return await Replies.AddAsync(transaction, mailId, delivery, mail, new(Forward: false) { NotPassedOn = before >= MostInADay ? "too many went in a day" : "there is nobody to answer" }, at);
        var (id, _) = await AnswerStore.AddAsync(transaction, new(string.Create(CultureInfo.InvariantCulture, $"mail {answer.MessageId}"), reply, to, ReplySubject.Answer(reply.Subject), mail.Onward, answer.MessageId, reply.Conversation) { ReturnedMail = mailId }, at);
        return string.Create(CultureInfo.InvariantCulture, $"the editor's answer {id}, to be sent to the reader");
    }
}
