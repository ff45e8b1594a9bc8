using System.Buffers;
using System.Text;

namespace Newsletter.Composing;

/// <summary>One text part of a letter in its transfer encoding. What all readers share is encoded once; a letter encodes its slots alone.</summary>
/// <remarks>
/// Quoted-printable lets the pieces be joined: each begins a line of its own, behind a soft break. A text that is mostly not ASCII would triple in it,
/// so that one is filled first and goes out as base64.
/// </remarks>
internal sealed class EncodedPart
{
    private readonly string mediaType;
    private readonly bool isBase64;
    private readonly Template template;
    private readonly List<(byte[] Ready, Segment? Slot)> pieces = [];

    public EncodedPart(string mediaType, Template template)
    {
        (this.mediaType, this.template) = (mediaType, template);
        var shared = string.Concat(template.Segments.OfType<Segment.Literal>().Select(literal => literal.Text));
        isBase64 = shared.Count(letter => letter > 126) > shared.Length / 3;
        foreach (var segment in isBase64 ? [] : template.Segments)
            pieces.Add(segment is Segment.Literal literal ? (Encoded(literal.Text, segment), null) : ([], segment));
    }

    /// <summary>The part's header and content, without the line end that belongs to the next boundary.</summary>
    public void Write(ArrayBufferWriter<byte> to, PersonalValues values)
    {
        Ascii($"Content-Type: {mediaType}; charset=utf-8\r\nContent-Transfer-Encoding: {(isBase64 ? "base64" : "quoted-printable")}\r\n\r\n", to);
        if (isBase64)
            WriteBase64(to, template.Write(values));
        foreach (var (ready, slot) in pieces)
            if (slot is null)
                to.Write(ready);
            else
                to.Write(Encoded(Filled(slot, values), slot));
    }

    private byte[] Encoded(string text, Segment segment)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + (text.Length / 8) + 16);
        var writer = new QuotedPrintable(buffer);
        writer.Write(text);
        if (!ReferenceEquals(segment, template.Segments[^1]))
            writer.Break();
        return buffer.WrittenSpan.ToArray();
    }

    private static string Filled(Segment slot, PersonalValues values)
    {
        var text = new StringBuilder();
        slot.Write(text, values);
        return text.ToString();
    }

    private static void WriteBase64(ArrayBufferWriter<byte> to, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
        Ascii(Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks), to);
    }

    private static void Ascii(string text, ArrayBufferWriter<byte> to) => to.Advance(Encoding.ASCII.GetBytes(text, to.GetSpan(text.Length)));
}
