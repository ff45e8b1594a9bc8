namespace Newsletter.Classifying;

/// <summary>An address seen in a line of text.</summary>
/// <param name="Address">As written, without brackets and prefix.</param>
/// <param name="Start">Where it begins in the line, brackets included.</param>
/// <param name="End">Behind its last character, brackets included.</param>
internal readonly record struct SeenAddress(string Address, int Start, int End);

/// <summary>Finds addresses in the lines of reports: loosely, for servers write what they were given.</summary>
internal static class Addressing
{
    private static readonly string[] Prefixes = ["dda:smtp=", "smtp=", "rfc822=", "smtp:", "mailto:", "rfc822:"];

    /// <summary>The addresses of a line, from left to right, at most ten.</summary>
    public static List<SeenAddress> FindIn(string line)
    {
        var seen = new List<SeenAddress>();
        for (var at = line.IndexOf('@'); at >= 0 && seen.Count < 10; at = line.IndexOf('@', at + 1))
            if (At(line, at) is { } address && (seen.Count == 0 || address.Start >= seen[^1].End))
                seen.Add(address);
        return seen;
    }

    /// <summary>The address in a recipient field, <c>rfc822; a@b</c>; null where it holds none with an at sign.</summary>
    public static string? OfField(string? field)
    {
        if (field is null)
            return null;
        var text = WithoutEscapes(field.Contains(';', StringComparison.Ordinal) ? field[(field.IndexOf(';') + 1)..] : field);
        return FindIn(text) is [var first, ..] ? first.Address : null;
    }

    private static SeenAddress? At(string line, int at)
    {
        var end = at + 1;
        while (end < line.Length && (char.IsLetterOrDigit(line[end]) || line[end] is '.' or '-' or '_'))
            end++;
        while (end > at + 1 && line[end - 1] is '.' or '-')
            end--;
        var start = LocalStart(line, at);
        if (end == at + 1 || start == at)
            return null;
        if (start > 0 && line[start - 1] == '\'' && end < line.Length && line[end] == '\'')
            return new(line[start..end], start - 1, end + 1);
        var bracketed = start > 0 && line[start - 1] == '<' && end < line.Length && line[end] == '>';
        return new(line[start..end], bracketed ? start - 1 : start, bracketed ? end + 1 : end);
    }

    private static int LocalStart(string line, int at)
    {
        if (at > 1 && line[at - 1] == '"')
            return line.LastIndexOf('"', at - 2) is >= 0 and var quote ? quote : at;
        var start = at;
        while (start > 0 && (char.IsLetterOrDigit(line[start - 1]) || "!#$%&'*+-/=?^_`{|}~.".Contains(line[start - 1])))
            start--;
        foreach (var prefix in Prefixes)
            if (line.AsSpan(start, at - start).StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                start += prefix.Length;
        while (start < at && line[start] is '\'' or '*' or '.' or '`')
            start++;
        return start;
    }

    /// <summary>xtext (RFC 3461 §4) of the few characters that servers do escape, and <c>\x{F6}</c> of RFC 6533 §3.</summary>
    private static string WithoutEscapes(string text)
    {
        text = text.Replace("+2B", "+", StringComparison.Ordinal).Replace("+3D", "=", StringComparison.Ordinal).Replace("+40", "@", StringComparison.Ordinal);
        for (var at = text.IndexOf("\\x{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("\\x{", at + 1, StringComparison.Ordinal))
        {
            var end = text.IndexOf('}', at);
            if (end < 0 || end - at > 9 || !int.TryParse(text.AsSpan(at + 3, end - at - 3), System.Globalization.NumberStyles.HexNumber, null, out var point)
                || !System.Text.Rune.IsValid(point))
                return text;
            text = $"{text[..at]}{new System.Text.Rune(point)}{text[(end + 1)..]}";
        }
        return text;
    }
}
