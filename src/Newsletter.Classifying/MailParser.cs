using System.Runtime.InteropServices;
using MimeKit;

namespace Newsletter.Classifying;

/// <summary>Hands a mail to MimeKit: any bytes, in bounded time, to a depth of 16 parts within parts. Nested multiparts with one boundary for all end there.</summary>
internal static class MailParser
{
    /// <summary>The limits, for what of MimeKit is asked beside it.</summary>
    public static ParserOptions Options { get; } = new() { MaxMimeDepth = 16, MaxAddressGroupDepth = 4 };

    /// <summary>The mail; null where there is no header anywhere.</summary>
    public static MimeMessage? Parse(ReadOnlyMemory<byte> raw)
    {
        using var stream = AsStream(HeaderBounds.Cut(raw[MboxLine.Length(raw.Span)..]));
        try { return new MimeParser(Options, stream, MimeFormat.Entity).ParseMessage(); }
        catch (FormatException) { return null; } // MimeKit has no Try form
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) ? new(array.Array!, array.Offset, array.Count, writable: false) : new(bytes.ToArray(), writable: false);
}
