namespace Newsletter.Inlining;

/// <summary>Which language an element is in, and which way it is written.</summary>
internal static class Speech
{
    /// <summary>Whether the language is that of the range or a kind of it: de fits de-CH.</summary>
    public static bool Fits(Node node, string range) =>
        Of(node) is { } tag && range.Length > 0 && tag.StartsWith(range, StringComparison.OrdinalIgnoreCase)
        && (tag.Length == range.Length || tag[range.Length] == '-');

    /// <summary>By the dir attributes; where a browser looks at the letters (dir=auto, bdi), it is taken for left to right.</summary>
    public static bool IsRightToLeft(Node node)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            var said = at.GetAttribute("dir")?.ToLowerInvariant();
            if (said is "rtl" or "ltr" or "auto" || at.Name == "bdi" || (at.Name == "input" && at.GetAttribute("type") == "tel"))
                return said == "rtl";
        }
        return false;
    }

    /// <summary>The nearest lang attribute, or what a meta element says of the whole document.</summary>
    private static string? Of(Node node)
    {
        while (node.GetAttribute("lang") is null && node.Parent is not null)
            node = node.Parent;
        if (node.GetAttribute("lang") is { } tag)
            return tag;
        for (var at = node.FirstChild; at is not null; at = at.After(node))
            if (at.Name == "meta" && "content-language".Equals(at.GetAttribute("http-equiv"), StringComparison.OrdinalIgnoreCase))
                return at.GetAttribute("content")?.Trim() is { Length: > 0 } said && said.AsSpan().IndexOfAny(" ,\t\n") < 0 ? said : null;
            else if (at.Name == "body")
                return null;
        return null;
    }
}
