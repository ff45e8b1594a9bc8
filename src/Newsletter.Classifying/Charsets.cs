using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace Newsletter.Classifying;

/// <summary>Bytes of a part to text, whatever charset the part claims.</summary>
/// <remarks>
/// Reports are English where it matters, so a wrong guess costs little and an exception all. .NET 10 has no UTF-7 in any spelling (RFC 1642, 28 of
/// 968 real reports); iso-2022-jp, koi8-r, shift_jis and gbk need the code pages.
/// </remarks>
internal static class Charsets
{
    /// <summary>MimeKit decodes headers; it looks once, when it is first used, which charsets .NET knows, and without this those are Unicode and Latin-1.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "What uses this library may have no start of its own where it could say so, and a second time does nothing.")]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Latin-1 with signs such as € and “ where Latin-1 has controls: what Western programs write that name no charset.</summary>
    private static readonly Encoding Western = Encoding.GetEncoding(1252);

    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        var name = charset?.Trim(' ', '"', '\'').ToLowerInvariant() ?? "";
        if (name.Contains("utf-7", StringComparison.Ordinal) || name == "utf7")
            return FromUtf7(Encoding.Latin1.GetString(bytes));
        return Known(name) is { } encoding ? encoding.GetString(bytes) : Guess(bytes);
    }

    private static Encoding? Known(string name)
    {
        if (name is "" or "us-ascii" or "utf-8" or "utf8" or "uft-8" or "unknown-8bit" or "8bit" or "iso-10646" || name.StartsWith("ansi_x3", StringComparison.Ordinal))
            return null; // UTF-8 where the bytes are such, else Western
        try { return Encoding.GetEncoding(name); }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) { return null; } // a name that nobody knows; Encoding has no Try form
    }

    private static string Guess(ReadOnlySpan<byte> bytes)
    {
        try { return StrictUtf8.GetString(bytes); }
        catch (DecoderFallbackException) { return Western.GetString(bytes); }
    }

    /// <summary>RFC 2152: <c>+</c>, base64 of UTF-16, <c>-</c>; all else stands for itself.</summary>
    private static string FromUtf7(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '+')
            {
                plain.Append(text[at]);
                continue;
            }
            var end = at + 1;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '+' or '/'))
                end++;
            plain.Append(end == at + 1 ? "+" : Utf16Of(text.AsSpan(at + 1, end - at - 1)) ?? text[at..end]);
            at = end < text.Length && text[end] == '-' ? end : end - 1;
        }
        return plain.ToString();
    }

    private static string? Utf16Of(ReadOnlySpan<char> base64)
    {
        var padded = $"{base64}{(base64.Length % 4) switch { 0 => "", 2 => "==", 3 => "=", _ => "A==" }}";
        if (!Base64.IsValid(padded))
            return null;
        var bytes = Convert.FromBase64String(padded);
        return Encoding.BigEndianUnicode.GetString(bytes, 0, bytes.Length & ~1);
    }
}
