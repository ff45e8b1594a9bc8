using MimeKit;

namespace Newsletter.Classifying;

/// <summary>Walks the parts of a mail and files what each is: text, status, feedback, returned letter.</summary>
internal sealed class PartReader(IncomingMail mail)
{
    private const int MaxParts = 100;
    private const int MaxTexts = 6;
    private const int MaxJson = 256 * 1024; // SNS's limit for a message
    private int parts;

    /// <summary>Reads a part and what is in it.</summary>
    public void Read(MimeEntity entity)
    {
        if (++parts > MaxParts)
            return;
        switch (entity)
        {
            case MultipartAlternative choice when choice.FirstOrDefault(part => part.ContentType.IsMimeType("text", "plain")) is { } plain:
                Read(plain); // the same words again as HTML would only double the evidence
                break;
            case Multipart multipart:
                ReadMultipart(multipart);
                break;
            case MessagePart letter:
                ReadReturned(letter.Message?.Headers);
                break;
            case MimePart part:
                ReadPart(part);
                break;
        }
    }

    private void ReadMultipart(Multipart multipart)
    {
        foreach (var part in multipart)
            Read(part);
        // A wrong or missing boundary leaves all in the preamble or the epilogue.
        if (multipart.Count == 0)
            ReadText($"the body ({multipart.ContentType.MimeType})", $"{multipart.Preamble}\n{multipart.Epilogue}");
    }

    private void ReadPart(MimePart part)
    {
        var type = part.ContentType.MimeType.ToLowerInvariant();
        switch (type)
        {
            case "message/delivery-status" or "message/global-delivery-status":
                ReadStatus(type, TextOf(part));
                break;
            case "message/feedback-report":
                mail.Feedback ??= FieldGroup.ReadAll(TextLines.Of(TextOf(part))).FirstOrDefault() ?? FieldGroup.Empty;
                break;
            case "message/disposition-notification" or "message/global-disposition-notification":
                mail.IsReceipt = true;
                mail.Status.AddRange(FieldGroup.ReadAll(TextLines.Of(TextOf(part))));
                break;
            case "text/rfc822-headers" or "text/rfc822-header" or "message/rfc822-headers" or "message/global-headers":
                ReadReturned(TextLines.Of(TextOf(part)));
                break;
            case "text/html":
                ReadText(Place(type), HtmlText.Of(TextOf(part)));
                break;
            default:
                if (part.ContentType.IsMimeType("text", "*") || (parts == 1 && type is "application/octet-stream"))
                    ReadText(Place(type), TextOf(part));
                break;
        }
    }

    private void ReadStatus(string type, string text)
    {
        mail.StatusPlace = mail.StatusPlace.Length == 0 ? Place(type) : mail.StatusPlace;
        mail.Status.AddRange(FieldGroup.ReadAll(TextLines.Of(text)));
    }

    private void ReadText(string place, string text)
    {
        if (mail.Texts.Count >= MaxTexts)
            return;
        if (mail.Json.Length == 0 && text.AsSpan().TrimStart() is ['{', ..] && text.Length <= MaxJson)
            mail.Json = text;
        var lines = TextLines.Of(text);
        if (mail.Texts.Count == 0)
            mail.WholeText = lines;
        var end = ReturnedMarker.FindIn(lines);
        if (end.Headers < lines.Count)
            ReadReturned(lines.Skip(end.Headers));
        mail.Texts.Add(new(place, lines.Take(end.Text).ToList()));
    }

    private void ReadReturned(IEnumerable<Header>? headers)
    {
        if (mail.Returned.Count == 0 && headers is not null)
            mail.Returned.AddRange(headers.Take(200).Select(header => new ReturnedHeader(header.Field, HeaderText.Of(header))));
    }

    private void ReadReturned(IEnumerable<string> lines)
    {
        if (mail.Returned.Count == 0)
            mail.Returned.AddRange(FieldGroup.ReadHeader(lines).Take(200).Select(field => new ReturnedHeader(field.Name, field.Value)));
    }

    private string Place(string type) => $"part {parts} ({type})";

    private static string TextOf(MimePart part)
    {
        if (part.Content is not { } content)
            return "";
        using var bytes = new MemoryStream();
        content.DecodeTo(bytes);
        return Charsets.Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), part.ContentType.Charset);
    }
}
