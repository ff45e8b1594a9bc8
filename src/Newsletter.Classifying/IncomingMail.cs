using MimeKit;

namespace Newsletter.Classifying;

/// <summary>A text that a mail shows: which part, and its lines.</summary>
internal sealed record MailText(string Place, IReadOnlyList<string> Lines);

/// <summary>A header of the returned letter.</summary>
internal readonly record struct ReturnedHeader(string Name, string Value);

/// <summary>A mail that came in, taken apart as far as the classifier needs it; any bytes give one.</summary>
/// <remarks>
/// Bounded: the first megabyte is parsed (RFC 6522 §3 puts the report before the returned letter), and of the texts a few thousand
/// lines are kept. One reading serves all that is asked of a mail.
/// </remarks>
internal sealed class IncomingMail
{
    private const int MaxBytes = 1 << 20;
    private const int MaxSubject = 1_000;

    private readonly HeaderList headers;

    private IncomingMail(HeaderList headers) => this.headers = headers;

    /// <summary>The texts, in their order, without quoted lines' marks removed and without the returned letter.</summary>
    public List<MailText> Texts { get; } = [];

    /// <summary>The first text whole, with what it quotes.</summary>
    public IReadOnlyList<string> WholeText { get; internal set; } = [];

    /// <summary>A text that is JSON, as far as it was read; empty where none is.</summary>
    public string Json { get; internal set; } = "";

    /// <summary>The groups of fields of the delivery status parts (RFC 3464 §2.1), or of such fields in a text.</summary>
    public List<FieldGroup> Status { get; } = [];

    /// <summary>Where <see cref="Status"/> stood; empty where there is none.</summary>
    public string StatusPlace { get; internal set; } = "";

    /// <summary>The fields of a feedback report (RFC 5965 §3.1); null where there is none.</summary>
    public FieldGroup? Feedback { get; internal set; }

    /// <summary>Whether it is a disposition notification, a read receipt (RFC 8098).</summary>
    public bool IsReceipt { get; internal set; }

    /// <summary>The headers of the returned letter; empty where none came back.</summary>
    public List<ReturnedHeader> Returned { get; } = [];

    /// <summary>The subject, decoded (RFC 2047), at most 1,000 characters; empty where there is none.</summary>
    public string Subject { get; private init; } = "";

    /// <summary>The first address of From; empty where there is none.</summary>
    public string From { get; private init; } = "";

    /// <summary>The display name of From.</summary>
    public string FromName { get; private init; } = "";

    /// <summary>The addresses that the mail is from and to: never those that failed.</summary>
    public HashSet<string> Correspondents { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the whole is a multipart/report (RFC 6522).</summary>
    public bool IsReport { get; private init; }

    /// <summary>The envelope sender as the last server wrote it: null where no header tells, empty for <c>&lt;&gt;</c>.</summary>
    public string? ReturnPath => All("Return-Path").FirstOrDefault()?.Trim().Trim('<', '>');

    /// <summary>The first value of a header, unfolded and decoded; null where there is none.</summary>
    public string? Header(string name) => First(headers, name) is { } header ? HeaderText.Of(header) : null;

    /// <summary>Every value of a header, at most 20.</summary>
    public IEnumerable<string> All(string name) =>
        headers.Where(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)).Take(20).Select(HeaderText.Of);

    /// <summary>The first value of a header of the returned letter.</summary>
    public string? ReturnedValue(string name) => Returned.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The values of status fields by these names.</summary>
    public IEnumerable<string> StatusValues(params IEnumerable<string> names) =>
        from name in names from fields in Status.Append(Feedback) let value = fields?[name] where value is not null select value;

    /// <summary>Whether From stands once and names one address: of two, a reader sees one and a server may have checked the other.</summary>
    public bool HasOneAuthor { get; private init; }

    /// <summary>How many fields of this name the header has.</summary>
    public int Count(string name) => headers.Count(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The fields of these names from the top down, the last server's first; at most 200.</summary>
    public IEnumerable<(string Name, string Value)> FromTheTop(params string[] names) =>
        headers.Where(header => names.Contains(header.Field, StringComparer.OrdinalIgnoreCase)).Take(200).Select(header => (header.Field, HeaderText.Of(header)));

    /// <summary>Takes a mail apart. Never throws, whatever the bytes are.</summary>
    public static IncomingMail Read(ReadOnlyMemory<byte> raw)
    {
        var bytes = raw[..Math.Min(raw.Length, MaxBytes)];
        if (MailParser.Parse(bytes) is not { } message)
            return Unparsed(bytes.Span);

        using (message)
        {
            var headers = message.Headers;
            var from = HeaderText.Addresses(First(headers, "From"));
            var (sender, subject) = (from.Count > 0 ? from[0] : null, First(headers, "Subject") is { } found ? HeaderText.Of(found).Trim() : "");
            var mail = new IncomingMail(headers)
            {
                Subject = subject[..Math.Min(subject.Length, MaxSubject)],
                From = sender?.Address ?? "",
                FromName = sender?.Name ?? "",
                HasOneAuthor = from.Count == 1 && headers.Count(header => header.Field.Equals("From", StringComparison.OrdinalIgnoreCase)) == 1,
                IsReport = message.Body?.ContentType.IsMimeType("multipart", "report") == true,
            };
            mail.Correspondents.UnionWith(from.Concat(HeaderText.Addresses(First(headers, "To"))).Concat(HeaderText.Addresses(First(headers, "Cc"))).Take(50).Select(box => box.Address));
            if (mail.ReturnPath is { Length: > 0 } path)
                mail.Correspondents.Add(path);
            if (message.Body is { } body)
                new PartReader(mail).Read(body);
            return mail;
        }
    }

    private static Header? First(HeaderList headers, string name) => headers.FirstOrDefault(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IncomingMail Unparsed(ReadOnlySpan<byte> bytes)
    {
        var mail = new IncomingMail([]);
        mail.Texts.Add(new("the whole mail", TextLines.Of(Charsets.Decode(bytes[MboxLine.Length(bytes)..], null))));
        return mail;
    }
}
