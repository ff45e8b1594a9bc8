using System.Text;

namespace Newsletter.Cli;

/// <summary>The text of an HTML file or style sheet, so read that writing it gives the octets that were there.</summary>
/// <remarks>
/// UTF-8, or UTF-16 by its byte order mark. Anything else (windows-1252, ISO 8859, Shift_JIS) is taken octet by octet: what
/// HTML and CSS are made of is ASCII in all of these, and the words pass through as they are.
/// </remarks>
internal sealed record HtmlFile(string Text, Encoding Encoding)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static HtmlFile Read(ReadOnlySpan<byte> octets)
    {
        var encoding = octets switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            _ => System.Text.Unicode.Utf8.IsValid(octets) ? Utf8 : Encoding.Latin1,
        };
        return new(encoding.GetString(octets), encoding); // a byte order mark stays, as the text's first sign
    }

    /// <summary>A text as octets of the same encoding.</summary>
    public byte[] Write(string text) => Encoding.GetBytes(text);
}
