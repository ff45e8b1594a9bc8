using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
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
    public string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        if (keys.Count is 0)
            return "";

        var bodyHash = Convert.ToBase64String(DkimCanonical.HashOfBody(body));
        var fields = DkimCanonical.Fields(header);
        var names = NamesFor(fields);
        var data = new ArrayBufferWriter<byte>(4096);
        DkimCanonical.WriteFields(data, header, fields, names);
        return string.Concat(keys.Select(key => Field(key, string.Join(':', names), bodyHash, at, data.WrittenSpan)));
    }

    private static string[] NamesFor(List<DkimCanonical.Field> fields) =>
    [
        .. from name in Signed
           let times = fields.Count(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) + (Oversigned.Contains(name) ? 1 : 0)
           from _ in Enumerable.Range(0, times)
           select name.ToLowerInvariant(),
    ];

    private static string Field(DkimKey key, string names, string bodyHash, DateTimeOffset at, ReadOnlySpan<byte> signedFields)
    {
        var unsigned = string.Create(CultureInfo.InvariantCulture,
            $"DKIM-Signature: v=1; a={key.Algorithm}; c=relaxed/relaxed;\r\n\td={key.Domain};\r\n\ts={key.Selector};\r\n" +
            $"\tt={at.ToUnixTimeSeconds()}; bh={bodyHash};\r\n\th={Folded(names, ':')};\r\n\tb=");
        var own = Encoding.ASCII.GetBytes(unsigned);
        var data = new ArrayBufferWriter<byte>(signedFields.Length + own.Length);
        data.Write(signedFields);
        DkimCanonical.WriteField(data, own); // the field itself comes last, its b= empty, without a line end (RFC 6376 §3.7)
        return $"{unsigned}{Folded(Convert.ToBase64String(key.SignHash(SHA256.HashData(data.WrittenSpan))), null)}\r\n";
    }

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
