using System.Buffers;
using System.Text;

namespace Newsletter.Composing;

/// <summary>One text part of a letter in its transfer encoding. What all readers share is encoded once; a letter encodes its slots alone.</summary>
/// <remarks>
/// Quoted-printable lets the pieces be joined: each begins a line of its own, behind a soft break. A text that is mostly not ASCII would triple in it,
/// so that one is filled first and goes out as base64.
/// </remarks>
internal static class EncodedPart
{
    /// <summary>The part's header and content, without the line end that belongs to the next boundary.</summary>
    public static IEnumerable<LetterPiece> Pieces(string mediaType, Template template)
    {
        var shared = string.Concat(template.Segments.OfType<Segment.Literal>().Select(literal => literal.Text));
        var isBase64 = shared.Count(letter => letter > 126) > shared.Length / 3;
        yield return LetterPiece.Of($"Content-Type: {mediaType}; charset=utf-8\r\nContent-Transfer-Encoding: {(isBase64 ? "base64" : "quoted-printable")}\r\n\r\n");
        if (isBase64)
            yield return new LetterPiece.Filled(values => Base64(template.Write(values)));
        else
            foreach (var piece in InQuotedPrintable(template.Segments, isEnd: true))
                yield return piece;
    }

    private static IEnumerable<LetterPiece> InQuotedPrintable(IReadOnlyList<Segment> segments, bool isEnd)
    {
        foreach (var segment in segments)
        {
            var isLast = isEnd && ReferenceEquals(segment, segments[^1]);
            yield return segment switch
            {
                Segment.Literal literal => new LetterPiece.Shared(QuotedPrintableOf(literal.Text, isLast)),
                Segment.Choice choice => new LetterPiece.Choice([.. choice.Branches.Select(branch => (branch.When, (IReadOnlyList<LetterPiece>)[.. InQuotedPrintable(branch.Segments, isLast)]))]),
                _ => new LetterPiece.Filled(values => QuotedPrintableOf(Text(segment, values), isLast)),
            };
        }
    }

    private static byte[] QuotedPrintableOf(string text, bool isLast)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + (text.Length / 8) + 16);
        var writer = new QuotedPrintable(buffer);
        writer.Write(text);
        if (!isLast)
            writer.Break();
        return buffer.WrittenSpan.ToArray();
    }

    private static string Text(Segment slot, PersonalValues values)
    {
        var text = new StringBuilder();
        slot.Write(text, values);
        return text.ToString();
    }

    private static byte[] Base64(string text) =>
        Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), Base64FormattingOptions.InsertLineBreaks));
}
