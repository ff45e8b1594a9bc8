using System.Buffers;
using System.Globalization;
using System.Text;
using Newsletter.Addresses;

namespace Newsletter.Composing;

/// <summary>Writes the letters of one edition. What they share is encoded once, here; a letter fills its slots and is signed. Safe for many threads.</summary>
/// <remarks>
/// The same delivery always gives the same octets: Date, boundary and Message-ID do not change from attempt to attempt, so that receivers can drop
/// doubles (RFC 5322 §3.6.4). An issue gets no Auto-Submitted (RFC 3834 §5), and never Return-Path, which the last server writes (RFC 5321 §4.4).
/// </remarks>
public sealed class LetterWriter
{
    private const int LongestName = 60;
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("\r\n\0@<>/\\");
    private readonly OurAddresses ours;
    private readonly DkimSeal seal;
    private readonly DateTimeOffset date;
    private readonly Template subject;
    private readonly string subjectIfEmpty;
    private readonly string replyTo;
    private readonly string from;
    private readonly string dateField;
    private readonly string contentType;
    private readonly ListFields list;
    private readonly IReadOnlyList<LetterPiece> body;
    private DkimSeal.Form? form;

    /// <summary>Prepares all that the letters share.</summary>
    /// <param name="issue">The frozen issue.</param>
    /// <param name="publication">Who sends.</param>
    /// <param name="ours">Makes Message-ID, Return-Path, Reply-To and the unsubscribe addresses.</param>
    /// <param name="seal">Signs; <see cref="DkimSeal.None"/> where no key is configured.</param>
    /// <param name="date">The letters' Date and <c>t=</c>: frozen with the edition, not later than the first attempt.</param>
    /// <exception cref="ArgumentException">An address or List-Id of the publication or issue is none; the message names it.</exception>
    public LetterWriter(RenderedIssue issue, Publication publication, OurAddresses ours, DkimSeal seal, DateTimeOffset date)
    {
        (this.ours, this.seal, this.date, subject, Revision) = (ours, seal, date, issue.Subject, issue.Revision);
        var author = Known(publication.FromAddress, "Publication:FromAddress");
        from = HeaderText.Field("From", HeaderText.Mailbox(publication.FromName.Length > 0 ? publication.FromName : publication.Name, author.Wire));
        dateField = HeaderText.Field("Date", DateText(date));
        replyTo = (issue.ReplyTo.Length > 0 ? issue.ReplyTo : publication.ReplyTo) is { Length: > 0 } given ? Known(given, "reply-to").Wire : "";
        subjectIfEmpty = issue.Title.Length > 0 ? issue.Title : publication.Name;
        var boundary = $"=_{issue.ContentHash[..40]}"; // "=_" stands neither in quoted-printable nor in base64
        contentType = HeaderText.Field("MIME-Version", "1.0") + HeaderText.Field("Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        list = new(issue, publication, author);
        body = LetterPiece.Joined(Body(issue, boundary));
    }

    /// <summary>Which text of the issue the letters have (<see cref="RenderedIssue.Revision"/>).</summary>
    public string Revision { get; }

    /// <summary>The letter of one delivery.</summary>
    /// <param name="delivery">Whose letter it is.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="values">The reader's name, address (empty: that of <paramref name="to"/>) and fields; the unsubscribe link and that of the preferences are put in here.</param>
    public Letter Write(DeliveryId delivery, EmailAddress to, PersonalValues values)
    {
        var (link, mail) = ours.Unsubscribe(delivery);
        var person = values with { Email = values.Email.Length > 0 ? values.Email : to.Value, UnsubscribeUrl = link, PreferencesUrl = ours.PreferencesUrl(delivery) };
        var id = ours.MessageId(delivery);
        var header = Encoding.UTF8.GetBytes(string.Concat(
        [
            from,
            HeaderText.Field("To", HeaderText.Mailbox(SaneName(values.Name), to.Wire)),
            HeaderText.Field("Reply-To", replyTo.Length > 0 ? replyTo : ours.ReplyTo(delivery)),
            HeaderText.Field("Subject", Subject(person)),
            dateField,
            HeaderText.Field("Message-ID", $"<{id}>"),
            list.For(link, mail),
            contentType,
        ]));
        var pieces = new List<ReadOnlyMemory<byte>>(16);
        var hash = seal.Keys.Count > 0 ? RunningHash.Begin() : null;
        foreach (var piece in body)
            piece.Write(pieces, person, hash);
        var signatures = hash is null ? "" : seal.Sign(form ??= DkimSeal.FormOf(header), header, hash.Finish(), date);
        return new(delivery, ours.ReturnPath(delivery), to.Wire, id, Whole(signatures, header), pieces);
    }

    /// <summary>Signatures, header and the empty line.</summary>
    internal static byte[] Whole(string signatures, ReadOnlySpan<byte> header) => [.. Encoding.ASCII.GetBytes(signatures), .. header, .. "\r\n"u8];

    /// <summary>RFC 5322 §3.3 with a numeric zone; in UTC, so that no letter tells where its sender is.</summary>
    internal static string DateText(DateTimeOffset date) => date.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);

    /// <exception cref="ArgumentException">The text is no address.</exception>
    internal static EmailAddress Known(string address, string key) =>
        EmailAddress.Read(address) is { NeedsSmtpUtf8: false } known ? known : throw new ArgumentException($"{key} '{address}' is no address that mail can carry: write it as name@example.org");

    private string Subject(PersonalValues person)
    {
        var filled = HeaderText.Unstructured(subject.Write(person));
        return filled.Length > 0 ? filled : HeaderText.Unstructured(subjectIfEmpty);
    }

    /// <summary>Names come from forms, and forms are filled in by robots that advertise: a name with an address in it, or too long to be one, stays out.</summary>
    private static string SaneName(string name)
    {
        if (name.Length > LongestName || name.AsSpan().ContainsAny(NotInNames))
            return "";
        var clean = HeaderText.Clean(name);
        return clean.Contains("www.", StringComparison.OrdinalIgnoreCase) || clean.Contains("=?", StringComparison.Ordinal) ? "" : clean;
    }

    private static IEnumerable<LetterPiece> Body(RenderedIssue issue, string boundary)
    {
        var images = new EmbeddedImages(issue);
        return
        [
            LetterPiece.Of($"--{boundary}\r\n"),
            .. EncodedPart.Pieces("text/plain", issue.Text), // the last part is the preferred one (RFC 2046 §5.1.4)
            LetterPiece.Of($"\r\n--{boundary}\r\n"),
            LetterPiece.Of(images.Opening),
            .. EncodedPart.Pieces("text/html", issue.Html),
            LetterPiece.Of(images.Closing),
            LetterPiece.Of($"\r\n--{boundary}--\r\n"),
        ];
    }
}
