using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Replies;
using Newsletter.Returns;

namespace Newsletter.Storage;

/// <summary>Files what the editor is shown, inside the transaction that handles its mail.</summary>
internal static partial class Replies
{
    /// <summary>What a mail's outcome says until it is forwarded.</summary>
    internal const string ToForward = ", to be forwarded";

    private const string People = "people";
    private const string Machines = "machines";

    /// <summary>Adds a reply to the conversation that it belongs to, which a new reply makes unread again.</summary>
    public static async Task<string> AddAsync(DbTransaction transaction, long mailId, DeliveryId? delivery, ReceivedReply reply, Consequence.ShowEditor show, DateTimeOffset at)
    {
        var place = await ThreadPlace.FindAsync(transaction, delivery, reply, People, at);
        await InsertAsync(transaction, mailId, reply, place, show.Forward ? at.Ms() : null, show.NotPassedOn, at);
        return (show.Forward ? $"in the inbox{ToForward}" : "in the inbox") + (show.NotPassedOn.Length > 0 ? $"; not passed on, because {show.NotPassedOn}" : "");
    }

    /// <summary>Keeps a machine's answer in the view of such answers. It makes no conversation unread.</summary>
    public static async Task<string> SetAsideAsync(DbTransaction transaction, long mailId, DeliveryId? delivery, ReceivedReply reply, DateTimeOffset at)
    {
        var place = await ThreadPlace.FindAsync(transaction, delivery, reply, Machines, at);
        await InsertAsync(transaction, mailId, reply, place, null, "", at);
        return reply.Absence is { } absence ? string.Create(CultureInfo.InvariantCulture, $"set aside; {(absence.IsReturn ? "back on" : "away until")} {absence.Day:yyyy-MM-dd}") : "set aside";
    }

    private static Task<int> InsertAsync(DbTransaction transaction, long mailId, ReceivedReply reply, (long Thread, string By) place, long? due, string notPassedOn, DateTimeOffset at) => transaction.Connection!.ExecuteAsync($"""
        insert into replies (id, thread_id, returned_mail_id, sender, sender_name, subject, body, at, answer_to, message_id, attachments, forward_due, written, search, refs, filed_by, back_on, back_words, not_passed_on)
        values ({SpentIds.Next(transaction, "replies")}, @Thread, @mailId, @Sender, @SenderName, @Subject, @body, @at, @answerTo, @MessageId, @attachments, @due, @written, @search, @refs, @By, @backOn, @backWords, @notPassedOn)
        """, new
    {
        place.Thread,
        mailId,
        Sender = StoredText.Of(reply.Sender),
        SenderName = StoredText.Of(reply.SenderName),
        Subject = StoredText.Of(reply.Subject),
        body = StoredText.Of(reply.Body),
        at = at.Ms(),
        answerTo = reply.AnswerTo?.Value ?? "",
        MessageId = StoredText.Of(reply.MessageId),
        attachments = StoredText.Of(JsonSerializer.Serialize(reply.Attachments)),
        due,
        written = StoredText.Of(reply.Written),
        search = StoredText.Of(reply.Search),
        refs = string.Join(' ', reply.References),
        place.By,
        backOn = reply.Absence is { } absence ? string.Create(CultureInfo.InvariantCulture, $"{(absence.IsReturn ? "" : "..")}{absence.Day:yyyy-MM-dd}") : "",
        backWords = StoredText.Of(reply.Absence?.Words ?? ""),
        notPassedOn = StoredText.Of(notPassedOn),
    }, transaction);
}
