using System.Text;
using Newsletter.Addresses;

namespace Newsletter.Composing;

/// <summary>Writes mails to one person: plain text, signed like a letter. What no person wrote is marked, so that no machine answers it (RFC 3834).</summary>
/// <param name="publication">Who sends.</param>
/// <param name="seal">Signs.</param>
/// <param name="sandbox">The one address that all go to instead, with words that say for whom they were; null: none.</param>
/// <exception cref="ArgumentException">The publication's From address is none.</exception>
public sealed class NoteWriter(Publication publication, DkimSeal seal, EmailAddress? sandbox = null)
{
    private const int LongestId = 250;
    private readonly EmailAddress author = LetterWriter.Known(publication.FromAddress, "Publication:FromAddress");

    /// <summary>The finished message.</summary>
    public Letter Write(Note note) => Finish(sandbox is null ? note : note with
    {
        To = sandbox,
        ReplyTo = null,
        Subject = $"[Sandbox] {note.Subject}",
        Text = $"*** SANDBOX. This mail would have gone to {note.To.Value}. ***\n\n{note.Text}",
    });

    private Letter Finish(Note note)
    {
        var name = note.FromName.Length > 0 ? note.FromName : publication.FromName.Length > 0 ? publication.FromName : publication.Name;
        var header = Encoding.UTF8.GetBytes(string.Concat(
            HeaderText.Field("From", HeaderText.Mailbox(name, author.Wire)),
            HeaderText.Field("To", note.To.Wire),
            note.ReplyTo is { } replyTo ? HeaderText.Field("Reply-To", replyTo.Wire) : "",
            HeaderText.Field("Subject", HeaderText.Unstructured(note.Subject)),
            HeaderText.Field("Date", LetterWriter.DateText(note.Date)),
            HeaderText.Field("Message-ID", $"<{note.MessageId}>"),
            IsMessageId(note.InReplyTo) ? HeaderText.Field("In-Reply-To", $"<{note.InReplyTo}>") : "",
            References(note) is { Count: > 0 } ids ? HeaderText.Field("References", string.Join(' ', ids.Select(id => $"<{id}>"))) : "",
            note.IsByPerson ? "" : HeaderText.Field("Auto-Submitted", note.AnswersMail ? "auto-replied" : "auto-generated"),
            HeaderText.Field("MIME-Version", "1.0")));
        // A message of one part: the part's fields are the message's.
        var part = new List<ReadOnlyMemory<byte>>();
        foreach (var piece in EncodedPart.Pieces("text/plain", Template.Of(note.Text.TrimEnd())).Append(LetterPiece.Of("\r\n")))
            piece.Write(part, PersonalValues.Nobody, null);
        byte[] whole = [.. header, .. part[0].Span[..^2]];
        byte[] body = [.. part.Skip(1).SelectMany(piece => piece.ToArray())];
        if (note.Files.Count > 0)
            (whole, body) = NoteFiles.Together(header, [.. part[0].Span, .. body], note);
        return new(null, note.Sender, note.To.Wire, note.MessageId, LetterWriter.Whole(seal.Sign(whole, body, note.Date), whole), [body]);
    }

    private static List<string> References(Note note) => [.. (note.References.Count > 0 ? note.References : [note.InReplyTo]).Where(IsMessageId)];

    private static bool IsMessageId(string id) => id.Length is > 0 and <= LongestId && id.All(c => c is > ' ' and < '\x7F' and not ('<' or '>'));
}
