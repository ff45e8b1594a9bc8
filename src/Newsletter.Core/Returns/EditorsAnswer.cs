using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;

namespace Newsletter.Returns;

/// <summary>What the editor answers from their own mailbox to a reply that was handed on.</summary>
/// <remarks>
/// It is taken as theirs by two things together: the sealed address, which stood in one note to the editor and nowhere else, and the editor's address in From. What
/// anybody else writes there (a colleague in copy answers all) is shown and goes to nobody; a machine's answer is set aside before this is asked.
/// </remarks>
public static class EditorsAnswer
{
    /// <summary>Where it goes; null where it is no answer of the editor.</summary>
    /// <param name="traced">What the mail is.</param>
    /// <param name="reply">What it says.</param>
    /// <param name="ours">Makes its Message-ID.</param>
    /// <param name="editors">The editor's addresses: their own mailbox, and that of the publication.</param>
    public static Consequence.PassOn? Of(TracedMail traced, ReceivedReply reply, OurAddresses ours, IReadOnlyList<EmailAddress> editors) =>
        reply.CameTo is (var thread, { } answered) && traced.Mail is ReturnedMail.Reply or ReturnedMail.Unsubscribe { BySealedAddress: false }
        && EmailAddress.Read(reply.Sender) is { } sender && editors.Contains(sender) && (reply.Onward.Length > 0 || reply.Attachments.Count > 0)
            ? new(thread, answered, ours.AnswerId(answered, reply.MessageId.Length > 0 ? reply.MessageId : reply.Onward))
            : null;
}
