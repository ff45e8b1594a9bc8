using System.Text;
using System.Text.Json.Serialization;

namespace Newsletter.Composing;

/// <summary>Where in a letter a personal value stands; it decides how the value is made harmless.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Place>))]
public enum Place
{
    /// <summary>Between the tags of HTML.</summary>
    Html,

    /// <summary>Inside a quoted attribute that holds no address.</summary>
    Attribute,

    /// <summary>An attribute that holds an address, and the value is the whole of it: only absolute http, https and mailto stand.</summary>
    Url,

    /// <summary>Inside an address, after its beginning: percent-encoded (RFC 3986 §2.1).</summary>
    UrlPart,

    /// <summary>The plain-text part.</summary>
    Text,

    /// <summary>A header field such as Subject: a value with CR, LF or NUL is refused as if it were empty (RFC 5322 §2.2).</summary>
    Header,
}

/// <summary>Values come from strangers: each is made harmless for its place.</summary>
internal static class Places
{
    /// <summary>The value as it may stand in this place; empty where it may not stand at all.</summary>
    public static string Escape(this Place place, string value) => place switch
    {
        Place.Html => Markup(Cleaned(value)),
        Place.Attribute => Markup(Cleaned(value)),
        Place.Url => Markup(Address(Cleaned(value))),
        Place.UrlPart => Uri.EscapeDataString(Cleaned(value)),
        Place.Text => Cleaned(value),
        Place.Header => value.AsSpan().ContainsAny('\r', '\n', '\0') ? "" : Cleaned(value),
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, "no such place"),
    };

    /// <summary>An address that may stand in a letter, absolute and of http, https or mailto; empty for any other.</summary>
    public static string Address(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeMailto)
            ? value.All(c => c is > ' ' and < (char)127 && c is not ('"' or '<' or '>' or '\\' or '^' or '`')) ? value : uri.AbsoluteUri
            : "";

    /// <summary>A value as one that can be shown: control characters become blanks; marks that turn the direction of the text around (CVE-2021-42574) and lone surrogates go.</summary>
    public static string Cleaned(string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~') || value.All(c => !char.IsControl(c) && !char.IsSurrogate(c) && !TurnsDirection(c)))
            return value;

        var clean = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
            if (Rune.IsControl(rune))
                clean.Append(' ');
            else if (rune != Rune.ReplacementChar && !(rune.IsBmp && TurnsDirection((char)rune.Value)))
                clean.Append(rune.ToString());
        return clean.ToString();
    }

    private static string Markup(string value) => !value.AsSpan().ContainsAny("&<>\"'") ? value : value
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);

    private static bool TurnsDirection(char c) => c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
