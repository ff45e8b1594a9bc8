namespace Newsletter.Inlining;

/// <summary>Text inside a quoted attribute.</summary>
internal static class Escape
{
    public static string Attribute(string value) => value.Replace("&", "&amp;").Replace("\"", "&quot;");

    /// <summary>CSS for a place between quotation marks of that kind; strings in it take the other kind where they can.</summary>
    public static string Css(string css, char quote)
    {
        if (css.AsSpan().IndexOfAny('"', '\'', '&') < 0)
            return css;
        var other = quote == '"' ? '\'' : '"';
        if (css.Contains(quote) && !css.Contains(other) && !css.Contains('\\'))
            css = css.Replace(quote, other);
        return css.Replace("&", "&amp;").Replace(quote.ToString(), quote == '"' ? "&quot;" : "&#39;");
    }
}
