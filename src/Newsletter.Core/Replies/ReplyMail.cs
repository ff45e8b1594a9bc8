using System.Runtime.InteropServices;
using MimeKit;
using MimeKit.Text;
using Newsletter.Classifying;

namespace Newsletter.Replies;

/// <summary>A mail as its reader sees it: its text plain and as HTML, and its files.</summary>
/// <remarks>Any octets give one. Bounded: parts within parts to a depth of 16, 200 parts, a million characters of text.</remarks>
public sealed class ReplyMail
{
    private const int MaxDepth = 16;
    private const int MaxParts = 200;
    private const int MaxText = 1_000_000;
    private static readonly ParserOptions Options = new() { MaxMimeDepth = MaxDepth, MaxAddressGroupDepth = 4 };
    private static readonly string[] ForwardMarks = ["fw:", "fwd:", "wg:", "tr:", "rv:", "i:", "enc:", "pd:", "vb:", "vs:", "vl:", "doorst:", "fs:", "转发:", "轉寄:", "пересл:", "fw：", "转发："];

    private readonly List<AttachedFile> files = [];
    private readonly List<MimePart> parts = [];
    private int read;

    private ReplyMail(string subject) => Subject = subject;

    /// <summary>Decoded; empty for none.</summary>
    public string Subject { get; }

    /// <summary>The text, lines ended by LF; of one that has HTML alone, empty.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The HTML; empty where there is none.</summary>
    public string Html { get; private set; } = "";

    /// <summary>Attached files and images within the text.</summary>
    public IReadOnlyList<AttachedFile> Files => files;

    /// <summary>Whether the subject says that a mail is handed on.</summary>
    public bool IsForward => Array.Exists(ForwardMarks, mark => Subject.TrimStart().StartsWith(mark, StringComparison.OrdinalIgnoreCase));

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
        if (Parse(raw) is not { } message)
            return new("") { Text = Charsets.Decode(raw.Span[..Math.Min(raw.Length, MaxText)], null) };
        using (message)
        {
            var mail = new ReplyMail(message.Headers.FirstOrDefault(header => header.Id is HeaderId.Subject) is { } subject ? HeaderText.Of(subject).Trim() : "");
            if (message.Body is { } body)
                (mail.Text, mail.Html) = mail.Of(body);
            mail.parts.Clear();
            return mail;
        }
    }

    /// <summary>A file's octets; null where the mail has none of this number.</summary>
    public static byte[]? Content(ReadOnlyMemory<byte> raw, int index)
    {
        if (Parse(raw) is not { } message)
            return null;
        using (message)
        {
            var mail = new ReplyMail("");
            if (message.Body is { } body)
                mail.Of(body);
            return index >= 1 && index <= mail.parts.Count ? Decoded(mail.parts[index - 1]) : null;
        }
    }

    private (string Text, string Html) Of(MimeEntity entity)
    {
        if (++read > MaxParts)
            return ("", "");
        return entity switch
        {
            MultipartAlternative choice => OfChoice(choice),
            Multipart { Count: 0 } empty => ($"{empty.Preamble}\n{empty.Epilogue}", ""), // a wrong or missing boundary
            Multipart several => Joined([.. several.Select(Of)]),
            MessagePart letter => OfLetter(letter),
            TextPart text when !text.IsAttachment && text.FileName is null && (text.IsPlain || text.IsFlowed || text.IsHtml || text.IsEnriched) => OfText(text),
            MimePart part => OfFile(part, part.FileName ?? ""),
            _ => ("", ""),
        };
    }

    private (string Text, string Html) OfChoice(MultipartAlternative choice)
    {
        var all = choice.Select(Of).ToList();
        return (all.Select(each => each.Text).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "", all.Select(each => each.Html).LastOrDefault(html => html.Length > 0) ?? "");
    }

    /// <summary>Texts one behind the other: some programs cut a text in two around a picture.</summary>
    private static (string Text, string Html) Joined(IReadOnlyList<(string Text, string Html)> all)
    {
        var isHtml = all.Any(each => each.Html.Length > 0);
        var text = all.All(each => each.Text.Length > 0 || each.Html.Length == 0) ? string.Join('\n', all.Select(each => each.Text).Where(text => text.Length > 0)) : "";
        var html = isHtml ? string.Concat(all.Select(each => each.Html.Length > 0 ? each.Html : each.Text.Length > 0 ? $"<pre>{System.Net.WebUtility.HtmlEncode(each.Text)}</pre>" : "")) : "";
        return (Short(text), Short(html));
    }

    private static (string Text, string Html) OfText(TextPart part)
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
        using var file = new MimePart("message", "rfc822") { Content = new MimeContent(new MemoryStream(content.ToArray())) };
        return OfFile(file, letter.ContentDisposition?.FileName ?? (letter.Message?.Subject is { Length: > 0 } subject ? $"{subject}.eml" : "mail.eml"));
    }

    private (string Text, string Html) OfFile(MimePart part, string name)
    {
        var content = Decoded(part);
        var type = part.ContentType.MimeType.ToLowerInvariant();
        // Kept by value: the part of a letter within the mail goes with this method.
        parts.Add(new MimePart(part.ContentType) { Content = new MimeContent(new MemoryStream(content)) });
        files.Add(AttachedFile.Of(parts.Count, name.Length > 0 ? name : NameOf(type), type, part.ContentId ?? "", content));
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

    private static string Short(string text) => text.Length <= MaxText ? text : text[..MaxText];

    private static MimeMessage? Parse(ReadOnlyMemory<byte> raw)
    {
        var bytes = HeaderBounds.Cut(raw.Span.StartsWith("From "u8) && raw.Span.IndexOf((byte)'\n') is >= 0 and var end ? raw[(end + 1)..] : raw);
        using var stream = MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);
        try { return new MimeParser(Options, stream, MimeFormat.Entity).ParseMessage(); }
        catch (FormatException) { return null; } // no header anywhere: MimeKit has no Try form
    }
}
