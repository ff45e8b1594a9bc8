using System.Globalization;
using Microsoft.AspNetCore.Http;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Replies;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>What became of a press on a button.</summary>
/// <param name="IsKnown">Whether there is such an act.</param>
/// <param name="Refusal">Why nothing was done; empty where it was.</param>
/// <param name="LeadsToList">Whether the conversation is left by it.</param>
/// <param name="IsWrittenDown">Whether what was typed is kept already: shown in the form again, it would go twice.</param>
internal sealed record ThreadDeed(bool IsKnown, string Refusal = "", bool LeadsToList = false, bool IsWrittenDown = false);

/// <summary>What can be done with a conversation, each by the verb that the command line calls, too.</summary>
internal sealed class ThreadActs(InboxStore inbox, AnswerStore answers, AnswerDesk desk, AnswerSender sender, WishesToLeave wishes, TimeProvider time)
{
    /// <summary>Does it.</summary>
    public async Task<ThreadDeed> DoAsync(long thread, string act, IFormCollection form, CancellationToken ct) => act switch
    {
        "read" or "unread" or "done" => await MarkAsync(thread, act, ct),
        "undo" => await inbox.UnmarkAsync(thread, ct) ? new(true) : new(true, "There is nothing to take back."),
        "tag" or "untag" => await TagAsync(thread, act, form["tag"].ToString(), ct),
        "answer" or "answer-done" => await AnswerAsync(thread, act, form, ct),
        "unsubscribe" => await UnsubscribeAsync(thread, ct),
        "again" => await AgainAsync(form["answer"].ToString(), ct),
        _ => new(false),
    };

    private async Task<ThreadDeed> MarkAsync(long thread, string state, CancellationToken ct)
    {
        await inbox.MarkAsync(thread, state, ct);
        return new(true, LeadsToList: state is "done" or "unread");
    }

    private async Task<ThreadDeed> TagAsync(long thread, string act, string text, CancellationToken ct)
    {
        if ((act is "tag" ? ThreadTag.Read(text) : text) is not { } tag)
            return new(true, $"Nothing was changed: {ThreadTag.Rule}.");
        await inbox.TagAsync(thread, tag, act is "tag", ct);
        return new(true);
    }

    private async Task<ThreadDeed> AnswerAsync(long thread, string act, IFormCollection form, CancellationToken ct)
    {
        var written = await desk.WriteAsync(thread, form["text"].ToString(), form["quote"] == "on", $"form {form["key"]}", form["to"].ToString(), ct);
        if (written.Id is null)
            return new(true, $"Nothing was sent: {written.Refusal}.");
        await sender.SendAsync(ct);
        if ((await answers.FindAsync(written.Id.Value, ct))?.State is "failed" or "in doubt")
            return new(true, "The answer did not go out; it stands below with the relay's words.", IsWrittenDown: true);
        if (act is "answer-done")
            await inbox.MarkAsync(thread, "done", ct);
        return new(true, LeadsToList: act is "answer-done");
    }

    private async Task<ThreadDeed> UnsubscribeAsync(long thread, CancellationToken ct) => await wishes.GrantAsync(thread, EmailAddress.Read((await inbox.FindAsync(thread, ct))?.Address), ct) switch // the button named them
    {
        { Subscriber: null } => new(true, "No subscriber is known whose conversation this is."),
        { Outcome: ChangeOutcome.Changed or ChangeOutcome.AlreadySo } => new(true, LeadsToList: true),
        _ => new(true, "A stronger standing (a complaint, an erasure) holds."),
    };

    private async Task<ThreadDeed> AgainAsync(string answer, CancellationToken ct)
    {
        if (!long.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !await answers.AgainAsync(id, time.GetUtcNow(), ct))
            return new(true, "This answer is neither failed nor in doubt any more.");
        await sender.SendAsync(ct);
        return new(true);
    }
}
