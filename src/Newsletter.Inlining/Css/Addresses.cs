using System.Text;

namespace Newsletter.Inlining;

/// <summary>Addresses in a linked style sheet are relative to it; inlined they must be relative to the document.</summary>
internal static class Addresses
{
    public static string Combine(string from, string address)
    {
        if (from.Length == 0 || address.Length == 0 || address[0] is '/' or '#' or '?' || HasScheme(address))
            return address;
        from = from.Split('?', '#')[0];
        var folder = from[..(from.LastIndexOf('/') + 1)];
        var tailAt = address.AsSpan().IndexOfAny('?', '#');
        var path = tailAt < 0 ? address : address[..tailAt];
        return Normalize(folder + path) + (tailAt < 0 ? "" : address[tailAt..]);
    }

    /// <summary>The same style sheet with every relative url(…) rewritten; @import with a string is left as it is.</summary>
    public static string Rebase(string css, string from)
    {
        if (!css.Contains("url(", StringComparison.OrdinalIgnoreCase))
            return css;
        var made = new StringBuilder(css.Length);
        var tokens = new CssTokenizer(css);
        for (var token = tokens.Next(); token.Kind != CssTokenKind.End; token = tokens.Next())
        {
            var start = token.Start;
            if (ReadUrl(css, ref tokens, token) is { } address && Combine(from, address) is var moved && moved != address)
                made.Append("url(\"").Append(moved.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append("\")");
            else
                made.Append(css, start, tokens.Position - start);
        }
        return made.ToString();
    }

    /// <summary>What a url token, or url( with a string, points to; null for any other token, with the position as it was.</summary>
    public static string? ReadUrl(string css, ref CssTokenizer tokens, CssToken token)
    {
        if (token.Kind == CssTokenKind.Url)
        {
            var inner = css[(token.Start + 4)..token.End];
            return CssText.Unescape(inner.EndsWith(')') ? inner.AsSpan()[..^1].Trim() : inner.AsSpan().Trim());
        }
        if (token.Kind != CssTokenKind.Function || !token.In(css).Equals("url(", StringComparison.OrdinalIgnoreCase))
            return null;
        var back = tokens.Position;
        var text = tokens.NextSolid();
        if (text.Kind == CssTokenKind.String && tokens.NextSolid().Kind is CssTokenKind.CloseParen or CssTokenKind.End)
            return CssText.Unquote(text.In(css));
        tokens.Position = back;
        return null;
    }

    private static bool HasScheme(string address)
    {
        var colon = address.IndexOf(':');
        return colon > 0 && char.IsAsciiLetter(address[0]) && address.AsSpan(0, colon).IndexOfAny("/?# ") < 0;
    }

    /// <summary>a/./b/../c is a/c; what leads above the start stays.</summary>
    private static string Normalize(string path)
    {
        var made = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && made.Count > 0 && made[^1] is not (".." or ""))
                made.RemoveAt(made.Count - 1);
            else if (part != ".")
                made.Add(part);
        }
        return string.Join('/', made);
    }
}
