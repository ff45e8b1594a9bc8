using MimeKit;
using MimeKit.Text;
using MimeKit.Utils;
using Newsletter.Classifying;

namespace Newsletter.Replies;

/// <summary>A mail as its reader sees it: its text plain and as HTML, and its files.</summary>
/// <remarks>Any octets give one. Bounded: parts within parts to a depth of 16, 200 parts, a million characters of text.</remarks>
public sealed class ReplyMail
{
    private const int MaxParts = 200;
    private const int MaxText = MarkupFolding.MaxLength;

    private readonly List<AttachedFile> files = [];
    private readonly List<byte[]> contents = [];
    private int read;

    private ReplyMail(string subject) => Subject = subject;

    /// <summary>Decoded; empty for none.</summary>
    public string Subject { get; }

    /// <summary>The text, lines ended by LF; of one that has HTML alone, empty.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The HTML; empty where there is none.</summary>
    public string Html { get; private set; } = "";

    /// <summary>When it was written, by its own Date; null where that says nothing. Anyone can write any.</summary>
    public DateTimeOffset? Date { get; private set; }

    /// <summary>Whether there is more of it than is read here: a longer text, or more parts.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Attached files and images within the text.</summary>
    public IReadOnlyList<AttachedFile> Files => files;

    /// <summary>The octets of one of its files.</summary>
    public byte[] Content(AttachedFile file) => contents[file.Index - 1];

    /// <summary>Its own date, where that is more than an hour from when it came; null: it is not worth telling.</summary>
    /// <param name="came">When it was taken in: after an outage, long after it was written.</param>
    public DateTimeOffset? Dated(DateTimeOffset came) => Date is { } date && (date - came).Duration() > TimeSpan.FromHours(1) ? date : null;

    /// <summary>Whether the subject says that a mail is handed on.</summary>
    public bool IsForward => SubjectMarks.IsForward(Subject);

    /// <summary>The text folded; of a mail that has HTML alone, its words.</summary>
    public IReadOnlyList<FoldedBlock> Fold() => string.IsNullOrWhiteSpace(Text) && Html.Length > 0
        ? [.. FoldHtml(_ => null).Blocks.Select(block => new FoldedBlock(block.Kind, block.Text))]
        : TextFolding.Fold(Text, IsForward);

    /// <summary>The HTML folded and safe.</summary>
    /// <param name="imageAddress">The address on our site of an image of this mail.</param>
    public MarkupReading FoldHtml(Func<AttachedFile, string?> imageAddress) =>
        MarkupFolding.Fold(Html, id => files.Find(file => file.IsImage && file.ContentId.Length > 0 && file.ContentId.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } image ? imageAddress(image) : null, IsForward);

    /// <summary>Takes a mail apart.</summary>
    public static ReplyMail Read(ReadOnlyMemory<byte> raw)
    {
        if (MailParser.Parse(raw) is not { } message)
            return new("") { Text = Charsets.Decode(raw.Span[..Math.Min(raw.Length, MaxText)], null), IsCut = raw.Length > MaxText };
        using (message)
        {
            var mail = new ReplyMail(message.Headers.FirstOrDefault(header => header.Id is HeaderId.Subject) is { } subject ? HeaderText.Of(subject).Trim() : "");
            if (DateUtils.TryParse(message.Headers[HeaderId.Date] ?? "", out var date))
                mail.Date = date;
            if (message.Body is { } body)
                (mail.Text, mail.Html) = mail.Of(body);
            return mail;
        }
    }

    private (string Text, string Html) Of(MimeEntity entity)
    {
        if (++read > MaxParts)
        {
            IsCut = true;
            return ("", "");
        }
        return entity switch
        {
            Multipart { Count: 0 } empty => (Short($"{empty.Preamble}\n{empty.Epilogue}"), ""), // a wrong or missing boundary
            MultipartAlternative choice => OfChoice(choice),
            Multipart several => Joined([.. several.Select(Of)]),
            MessagePart letter => OfLetter(letter),
            TextPart text when !text.IsAttachment && text.FileName is null && (text.IsPlain || text.IsFlowed || text.IsHtml || text.IsEnriched) => OfText(text),
            MimePart part => OfFile(part.FileName ?? "", part.ContentType.MimeType.ToLowerInvariant(), part.ContentId ?? "", Decoded(part)),
            _ => ("", ""),
        };
    }

    private (string Text, string Html) OfChoice(MultipartAlternative choice)
    {
        var all = choice.Select(Of).ToList();
        return (all.Select(each => each.Text).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "", all.Select(each => each.Html).LastOrDefault(html => html.Length > 0) ?? "");
    }

    /// <summary>Texts one behind the other: some programs cut a text in two around a picture.</summary>
    private (string Text, string Html) Joined(IReadOnlyList<(string Text, string Html)> all)
    {
        var isHtml = all.Any(each => each.Html.Length > 0);
        var text = all.All(each => each.Text.Length > 0 || each.Html.Length == 0) ? string.Join('\n', all.Select(each => each.Text).Where(text => text.Length > 0)) : "";
        var html = isHtml ? string.Concat(all.Select(each => each.Html.Length > 0 ? each.Html : each.Text.Length > 0 ? $"<pre>{System.Net.WebUtility.HtmlEncode(each.Text)}</pre>" : "")) : "";
        return (Short(text), Short(html));
    }

    private (string Text, string Html) OfText(TextPart part)
    {
        var text = Charsets.Decode(Decoded(part), part.ContentType.Charset).Replace("\r\n", "\n", StringComparison.Ordinal);
        if (part.IsHtml)
            return ("", Short(text));
        return (Short(part.IsFlowed ? Unflowed(text, part.ContentType.Parameters["delsp"]) : text), "");
    }

    /// <summary>RFC 3676: lines that end with a blank go on.</summary>
    private static string Unflowed(string text, string? deleteSpace) =>
        new FlowedToText { DeleteSpace = "yes".Equals(deleteSpace, StringComparison.OrdinalIgnoreCase) }.Convert(text).Replace("\r\n", "\n", StringComparison.Ordinal);

    private (string Text, string Html) OfLetter(MessagePart letter)
    {
        using var content = new MemoryStream();
        letter.Message?.WriteTo(content);
        return OfFile(letter.ContentDisposition?.FileName ?? (letter.Message?.Subject is { Length: > 0 } subject ? $"{subject}.eml" : "mail.eml"), "message/rfc822", "", content.ToArray());
    }

    private (string Text, string Html) OfFile(string name, string type, string contentId, byte[] content)
    {
        contents.Add(content);
        files.Add(AttachedFile.Of(contents.Count, name.Length > 0 ? name : NameOf(type), type, contentId, content));
        return ("", "");
    }

    private static string NameOf(string type) => type switch
    {
        "text/calendar" => "invitation.ics",
        "application/pgp-signature" or "application/pkcs7-signature" or "application/x-pkcs7-signature" => "signature",
        _ => type.Replace('/', '.'),
    };

    private static byte[] Decoded(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        return bytes.ToArray();
    }

    private string Short(string text)
    {
        IsCut |= text.Length > MaxText;
        return text[..Math.Min(text.Length, MaxText)];
    }
}
