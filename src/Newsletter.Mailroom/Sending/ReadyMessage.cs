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
        using var header = new MemoryStream(letter.Header.ToArray());
        var fields = HeaderList.Load(header);
        var body = new ReadyBody(letter.Body, started, ended);
        foreach (var field in fields.Where(IsOfBody))
            body.Headers.Add(field);
        return new MimeMessage(fields.Where(field => !IsOfBody(field)).Cast<object>().ToArray()) { Body = body };
    }

    private static bool IsOfBody(Header field) => field.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    private sealed class ReadyBody : MimeEntity
    {
        private readonly IReadOnlyList<ReadOnlyMemory<byte>> pieces;
        private readonly Action started;
        private readonly Action ended;

        public ReadyBody(IReadOnlyList<ReadOnlyMemory<byte>> pieces, Action started, Action ended) : base("text", "plain")
        {
            (this.pieces, this.started, this.ended) = (pieces, started, ended);
            Headers.Clear();
        }

        public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78)
        {
            // It is prepared: 7-bit and signed.
        }

        public override void WriteTo(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
        {
            started();
            foreach (var piece in pieces)
                stream.Write(piece.Span);
            ended();
        }
    }
}
