using System.Text;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Replies;

/// <summary>What the editor answers from their own mailbox to a reply that was handed on.</summary>
/// <remarks>
/// It is taken as theirs by two things together: the sealed address, which stood in one note to the editor and nowhere else, and the editor's address in From. What
/// anybody else writes there (a colleague in copy answers all) is shown and goes to nobody; a machine's answer is set aside before this is asked.
/// </remarks>
public static class EditorsAnswer
{
    private const int MaxText = 100_000;

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

    /// <summary>What goes on: to the end of what the editor wrote, with the lines that are answered between, and without the note that is quoted below. No sealed address of ours goes with it.</summary>
    internal static string Text(IReadOnlyList<FoldedBlock> blocks, OurAddresses ours)
    {
        var last = blocks.ToList().FindLastIndex(block => block.Kind is BlockKind.Written && !string.IsNullOrWhiteSpace(block.Text));
        var text = new StringBuilder();
        foreach (var block in blocks.Take(last + 1).Concat(blocks.Skip(last + 1).TakeWhile(block => block.Kind is BlockKind.Signature)))
            text.Append(block.Text);
        var clean = WithoutSeals(text.ToString().Trim(), ours);
        return clean[..Math.Min(clean.Length, MaxText)];
    }

    /// <summary>Who quotes an address of ours would hand the reader the key to this door.</summary>
    private static string WithoutSeals(string text, OurAddresses ours)
    {
        foreach (var word in text.Split([' ', '\t', '\r', '\n', ',', ';', '<', '>', '"', '(', ')', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Contains('@')).Distinct())
            if (ours.ReadThread(word.Replace("mailto:", "", StringComparison.OrdinalIgnoreCase).TrimEnd('.', ':', '*', '_')) is { Reply: not null })
                text = text.Replace(word, "…", StringComparison.Ordinal);
        return text;
    }
}
