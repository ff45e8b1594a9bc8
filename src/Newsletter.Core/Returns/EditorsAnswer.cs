using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;

namespace Newsletter.Returns;

/// <summary>What the editor answers from their own mailbox to a reply that was handed on.</summary>
/// <remarks>
/// It is taken as theirs by two things together: the sealed address, which stood in one note to the editor and nowhere else, and the editor's address in From, which no
/// host that is trusted says to be forged. What anybody else writes there (a colleague in copy answers all) is shown and goes to nobody, and says why, for it may be the
/// editor's after all; a machine's answer is set aside before this is asked.
/// </remarks>
public static class EditorsAnswer
{
    /// <summary>Where it goes, or why it is only shown; null where it came to no such address.</summary>
    /// <param name="traced">What the mail is.</param>
    /// <param name="reply">What it says.</param>
    /// <param name="ours">Makes its Message-ID.</param>
    /// <param name="editors">The editor's addresses: their own mailbox, and that of the publication.</param>
    public static Consequence? Of(TracedMail traced, ReceivedReply reply, OurAddresses ours, IReadOnlyList<EmailAddress> editors)
    {
        if (reply.CameTo is not (var thread, { } answered) || traced.Mail is not (ReturnedMail.Reply or ReturnedMail.Unsubscribe { BySealedAddress: false }))
            return null;
        if (EmailAddress.Read(reply.Sender) is not { } sender || !editors.Contains(sender))
            return new Consequence.ShowEditor(Forward: true) { NotPassedOn = $"it is not from {editors[0].Value}" };
        if (traced.Marks.Sender is { Level: ProofLevel.Failed, Words: var words })
            return new Consequence.ShowEditor(Forward: false) { NotPassedOn = $"it {words}, so another may have written it" };
        return reply.Onward.Length > 0 || reply.Attachments.Count > 0
            ? new Consequence.PassOn(thread, answered, ours.AnswerId(answered, reply.MessageId.Length > 0 ? reply.MessageId : reply.Onward))
            : new Consequence.ShowEditor(Forward: false) { NotPassedOn = "it is empty" };
    }
}
