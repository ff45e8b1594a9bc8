namespace Newsletter.Inlining;

/// <summary>What an @import says (CSS Cascade 5 §2).</summary>
/// <param name="IsUrl">Written as url(…), not as a string.</param>
/// <param name="Rest">Everything behind the address, as it was written.</param>
internal sealed record ImportRule(string Address, bool IsUrl, bool HasLayer, string Layer, string Supports, string Media, string Rest)
{
    public static ImportRule? Read(string prelude)
    {
        var tokens = new CssTokenizer(prelude);
        var token = tokens.NextSolid();
        string? address = null;
        if (token.Kind == CssTokenKind.String)
            address = CssText.Unquote(token.In(prelude));
        else if (Addresses.ReadUrl(prelude, ref tokens, token) is { } url)
            address = url;
        if (address is null)
            return null;
        var rest = prelude[tokens.Position..].Trim();
        var after = rest;
        var hasLayer = Take(ref after, "layer", out var layer);
        Take(ref after, "supports", out var supports);
        return new ImportRule(address, token.Kind != CssTokenKind.String, hasLayer, layer, supports.Length > 0 ? $"({supports})" : "", after, rest);
    }

    private static bool Take(ref string text, string word, out string inner)
    {
        inner = "";
        if (!text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            return false;
        var tail = text[word.Length..];
        if (tail.StartsWith('('))
        {
            var close = CloseOf(tail);
            inner = tail[1..close].Trim();
            text = close + 1 < tail.Length ? tail[(close + 1)..].Trim() : "";
            return true;
        }
        if (word != "layer" || (tail.Length > 0 && !CssText.IsSpace(tail[0])))
            return false;
        text = tail.Trim();
        return true;
    }

    private static int CloseOf(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
                return i;
        }
        return text.Length;
    }
}
