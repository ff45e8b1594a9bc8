using MimeKit;
using Newsletter.Composing;

namespace Newsletter.Mailroom;

/// <summary>A letter as MailKit takes it, its octets untouched: MimeKit keeps header fields as they were read, and the body writes itself.</summary>
internal static class ReadyMessage
{
    /// <param name="letter">The Content-* fields stand last in its header, as our writers put them.</param>
    /// <param name="started">Called when DATA was accepted and the first octet is written.</param>
    /// <param name="ended">Called when the last octet was written; the final dot follows.</param>
    public static MimeMessage Of(Letter letter, Action started, Action ended)
    {
        var end = letter.Bytes.Span.IndexOf("\r\n\r\n"u8) + 4;
        using var header = new MemoryStream(letter.Bytes[..end].ToArray());
        var fields = HeaderList.Load(header);
        var body = new ReadyBody(letter.Bytes[end..], started, ended);
        foreach (var field in fields.Where(IsOfBody))
            body.Headers.Add(field);
        return new MimeMessage(fields.Where(field => !IsOfBody(field)).Cast<object>().ToArray()) { Body = body };
    }

    private static bool IsOfBody(Header field) => field.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    private sealed class ReadyBody : MimeEntity
    {
        private readonly ReadOnlyMemory<byte> octets;
        private readonly Action started;
        private readonly Action ended;

        public ReadyBody(ReadOnlyMemory<byte> octets, Action started, Action ended) : base("text", "plain")
        {
            (this.octets, this.started, this.ended) = (octets, started, ended);
            Headers.Clear();
        }

        public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78)
        {
            // It is prepared: 7-bit and signed.
        }

        public override void WriteTo(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
        {
            started();
            stream.Write(octets.Span);
            ended();
        }

        public override async Task WriteToAsync(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
        {
            started();
            await stream.WriteAsync(octets, cancellationToken);
            ended();
        }
    }
}
