using System.Buffers;
using System.Globalization;
using System.Text;

namespace Newsletter.Addresses;

/// <summary>A mailbox as a person typed it (RFC 5321 §4.1.2, RFC 6531 §3.3), and the key by which two spellings are one.</summary>
/// <remarks>
/// Stored as given; compared by <see cref="Key"/>: NFC, domain as lower-case A-label, local part in lower case. Local parts are case-sensitive by
/// RFC 5321 §2.4 and in practice never. Dots and +tags are kept: they name two people at some hosts.
/// </remarks>
public sealed record EmailAddress
{
    internal const int MaxLength = 254;
    private const int MaxLocal = 64;
    private const int MaxLabel = 63;
    private static readonly SearchValues<char> PlainLocal = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-+");
    private static readonly SearchValues<char> PlainDomain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string value, string key, string wire, string domain) => (Value, Key, Wire, Domain) = (value, key, wire, domain);

    /// <summary>As given, without the blanks around it.</summary>
    public string Value { get; }

    /// <summary>The same for every spelling of this mailbox; what the store compares.</summary>
    public string Key { get; }

    /// <summary>For the envelope: local part as given, domain as A-label, so that SMTPUTF8 is asked for only where the local part needs it.</summary>
    public string Wire { get; }

    /// <summary>The domain as lower-case A-label.</summary>
    public string Domain { get; }

    /// <summary>For a page that others may see: its first letter and its domain.</summary>
    public string Masked => $"{Value.EnumerateRunes().First()}•••{Value[Value.IndexOf('@')..]}";

    /// <summary>Whether the local part needs SMTPUTF8 at every hop (RFC 6531).</summary>
    public bool NeedsSmtpUtf8 => !Ascii.IsValid(Wire);

    /// <summary>Null where the text is no mailbox we would write to: display names, comments, address literals, quoted local parts and hosts without a dot are refused.</summary>
    public static EmailAddress? Read(string? text)
    {
        var value = text?.Trim() ?? "";
        if (value.Length is 0 or > MaxLength || value.IndexOf('@') is not (> 0 and var at) || at != value.LastIndexOf('@'))
            return null;

        if (IsPlain(value))
            return new(value, value, value, value[(at + 1)..]);
        var local = Normalized(value[..at]);
        return local is not null && IsDotAtom(local) && Encoding.UTF8.GetByteCount(local) <= MaxLocal && ReadDomain(value[(at + 1)..]) is { } domain
               && local.Length + domain.Length < MaxLength
            ? new(value, $"{local.ToLowerInvariant()}@{domain}", $"{local}@{domain}", domain)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Two spellings of one mailbox are equal.</summary>
    public bool Equals(EmailAddress? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether this is an address for sure, of lower-case letters: the most of a long list need no more than this, and such a one is its own key.</summary>
    internal static bool IsPlain(ReadOnlySpan<char> text) =>
        text.Length <= MaxLength && text.IndexOf('@') is > 0 and var at && IsPlainLocal(text[..at]) && IsPlainDomain(text[(at + 1)..]);

    private static bool IsPlainLocal(ReadOnlySpan<char> local) =>
        local.Length <= MaxLocal && local[0] != '.' && local[^1] != '.' && !local.ContainsAnyExcept(PlainLocal) && local.IndexOf("..", StringComparison.Ordinal) < 0;

    /// <summary>Two labels at least, each of letters, digits and single hyphens inside.</summary>
    private static bool IsPlainDomain(ReadOnlySpan<char> domain)
    {
        if (domain.Length > MaxLength - MaxLocal || domain.ContainsAnyExcept(PlainDomain))
            return false;
        var (labels, length, before) = (1, 0, '.');
        foreach (var letter in domain)
        {
            if (letter is '.' or '-' && before is '.' or '-' || letter == '.' && length > MaxLabel)
                return false;
            (labels, length, before) = letter == '.' ? (labels + 1, 0, letter) : (labels, length + 1, letter);
        }
        return labels > 1 && length <= MaxLabel && before is not ('.' or '-');
    }

    private static string? Normalized(string text)
    {
        try { return text.Normalize(NormalizationForm.FormC); }
        catch (ArgumentException) { return null; } // a lone surrogate is no text
    }

    private static bool IsDotAtom(string local) =>
        !local.StartsWith('.') && !local.EndsWith('.') && !local.Contains("..", StringComparison.Ordinal) && local.EnumerateRunes().All(IsAtomText);

    private static bool IsAtomText(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || "!#$%&'*+-/=?^_`{|}~.".Contains((char)rune.Value)
            : Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);

    private static string? ReadDomain(string text)
    {
        try
        {
            var domain = Idn.GetAscii(text).ToLowerInvariant();
            return domain.Contains('.') && !domain.EndsWith('.') ? domain : null;
        }
        catch (ArgumentException) { return null; } // IdnMapping has no Try form; the text is no domain
    }
}
