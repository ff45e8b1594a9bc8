using MimeKit;
using MimeKit.Utils;

namespace Newsletter.Classifying;

/// <summary>The value of a header as text, in bounded time: MimeKit's decoder of encoded words (RFC 2047) takes time with the square of how many seem to begin.</summary>
internal static class HeaderText
{
    /// <summary>Unfolded and decoded; of a longer one the beginning. One with very many encoded words stays as it is written.</summary>
    public static string Of(Header header)
    {
        var raw = header.RawValue;
        if (raw.Length <= HeaderBounds.MaxField && !HasManyWords(raw))
            return header.Value;
        var beginning = raw[..Math.Min(raw.Length, HeaderBounds.MaxField)];
        return Header.Unfold(HasManyWords(beginning) ? Charsets.Decode(beginning, null) : Rfc2047.DecodeText(ParserOptions.Default, beginning));
    }

    /// <summary>The addresses of a header, at most 50.</summary>
    public static IReadOnlyList<MailboxAddress> Addresses(Header? header)
    {
        if (header is null || HasManyWords(header.RawValue))
            return [];
        var raw = header.RawValue;
        return InternetAddressList.TryParse(MailParser.Options, raw, 0, Math.Min(raw.Length, HeaderBounds.MaxField), out var list) ? [.. list.Mailboxes.Take(50)] : [];
    }

    private static bool HasManyWords(ReadOnlySpan<byte> raw) => raw.Count("=?"u8) > HeaderBounds.MaxEncodedWords;
}
