namespace Newsletter.Storage;

/// <summary>Text from outside, fit for a column of either database: PostgreSQL takes neither NUL nor half of a surrogate pair.</summary>
internal static class StoredText
{
    public static string Of(string text) => text.Contains('\0', StringComparison.Ordinal) || HasHalf(text)
        ? string.Concat(text.EnumerateRunes().Where(rune => rune.Value != 0).Select(rune => rune.ToString())) // a half becomes U+FFFD
        : text;

    private static bool HasHalf(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (char.IsSurrogate(text[at]) && !(char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[++at])))
                return true;
        return false;
    }
}
