using System.Buffers;
using System.Globalization;
using System.Text;

namespace Newsletter.Composing;

/// <summary>Signs letters (RFC 6376): one signature a key, relaxed/relaxed, no <c>l=</c>, over the very octets to be sent.</summary>
/// <remarks>
/// List-Unsubscribe and List-Unsubscribe-Post are always named, or one-click is not valid (RFC 8058 §4). The fields of <see cref="Oversigned"/>
/// are named once more than they occur, so that nobody adds a second one (RFC 6376 §8.15).
/// </remarks>
/// <param name="keys">None: letters stay unsigned. Two with different algorithms: each signs alone, neither covers the other.</param>
public sealed class DkimSeal(IReadOnlyList<DkimKey> keys)
{
    private static readonly string[] Signed =
    [
        "From", "To", "Cc", "Sender", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Archive", "List-Owner", "List-Post",
        "Feedback-ID",
    ];

    private const int MostFields = 64;

    private static readonly HashSet<string> Oversigned =
        ["From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post"];

    /// <summary>Signs nothing.</summary>
    public static DkimSeal None { get; } = new([]);

    /// <summary>The keys that sign.</summary>
    public IReadOnlyList<DkimKey> Keys => keys;

    /// <summary>The DKIM-Signature fields to stand before the header block, each folded and ended by CRLF; empty without keys.</summary>
    /// <param name="header">The header fields, each ended by CRLF, without the empty line.</param>
    /// <param name="body">All that follows the empty line.</param>
    /// <param name="at"><c>t=</c>: the letter's date, so that every attempt has the same octets.</param>
    public string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, DateTimeOffset at) =>
        keys.Count is 0 ? "" : Sign(FormOf(header), header, DkimCanonical.HashOfBody(body), at);

    /// <summary>Which fields are signed in headers that have the same fields in the same order as this one.</summary>
    internal static Form FormOf(ReadOnlySpan<byte> header)
    {
        var fields = DkimCanonical.Fields(header);
        var names = NamesFor(fields);
        return new(fields.Count, Folded(string.Join(':', names), ':'), DkimCanonical.PlacesOf(names, fields));
    }

    /// <summary>The same for a header of a known form and a body of a known hash.</summary>
    internal string Sign(Form form, ReadOnlySpan<byte> header, ReadOnlySpan<byte> bodyHash, DateTimeOffset at)
    {
        Span<Range> fields = stackalloc Range[MostFields];
        var count = DkimCanonical.Split(header, fields);
        if (count != form.Fields)
            throw new ArgumentException($"the header has {count} fields, and its form {form.Fields}", nameof(form));
        var data = new ArrayBufferWriter<byte>(4096);
        foreach (var place in form.Places)
        {
            DkimCanonical.WriteField(data, header[fields[place]]);
            data.Write("\r\n"u8);
        }
        var hash = Convert.ToBase64String(bodyHash);
        return string.Concat(keys.Select(key => Field(key, form, hash, at, data)));
    }

    private static string[] NamesFor(List<DkimCanonical.Field> fields) =>
    [
        .. from name in Signed
           let times = fields.Count(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) + (Oversigned.Contains(name) ? 1 : 0)
           from _ in Enumerable.Range(0, times)
           select name.ToLowerInvariant(),
    ];

    private static string Field(DkimKey key, Form form, string bodyHash, DateTimeOffset at, ArrayBufferWriter<byte> signedFields)
    {
        var unsigned = string.Create(CultureInfo.InvariantCulture,
            $"DKIM-Signature: v=1; a={key.Algorithm}; c=relaxed/relaxed;\r\n\td={key.Domain};\r\n\ts={key.Selector};\r\n" +
            $"\tt={at.ToUnixTimeSeconds()}; bh={bodyHash};\r\n\th={form.Names};\r\n\tb=");
        var own = new ArrayBufferWriter<byte>(unsigned.Length);
        DkimCanonical.WriteField(own, Encoding.ASCII.GetBytes(unsigned)); // the field itself comes last, its b= empty, without a line end (RFC 6376 §3.7)
        var signature = key.SignHash(RunningHash.Begin().Add(signedFields.WrittenSpan).Add(own.WrittenSpan).Finish());
        return $"{unsigned}{Folded(Convert.ToBase64String(signature), null)}\r\n";
    }

    /// <summary>Which fields of a header are signed: the same for all letters of an edition, which have the same fields in the same order.</summary>
    /// <param name="Fields">How many the header has.</param>
    /// <param name="Names">The value of <c>h=</c>, folded.</param>
    /// <param name="Places">The places of the signed fields in the header, in the order of signing.</param>
    internal sealed record Form(int Fields, string Names, int[] Places);

    /// <summary>Lines of at most 76 octets; names stay whole.</summary>
    private static string Folded(string value, char? after)
    {
        var text = new StringBuilder(value.Length + 32);
        for (var rest = value.AsSpan(); rest.Length > 0;)
        {
            var length = rest.Length <= 72 ? rest.Length : after is { } mark ? rest[..72].LastIndexOf(mark) + 1 : 72;
            text.Append(text.Length > 0 ? "\r\n\t" : "").Append(rest[..length]);
            rest = rest[length..];
        }
        return text.ToString();
    }
}
