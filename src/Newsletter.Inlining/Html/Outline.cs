namespace Newsletter.Inlining;

/// <summary>Where html, head and body begin in a source that leaves their tags out (HTML §13.2.6.4, the modes up to "in body").</summary>
/// <param name="HtmlAt">Where a tag html may be written if there is none.</param>
/// <param name="HeadEnd">Where the end tag of head stands, or the head ends without one.</param>
/// <param name="BodyAt">Where the tag body stands, or may be written.</param>
internal readonly record struct Outline(int HtmlAt, int HeadEnd, int BodyAt)
{
    private static readonly string[] Raw = ["title", "style", "script", "noscript", "template", "noframes"];
    private static readonly string[] Void = ["meta", "link", "base", "basefont", "bgsound"];

    public static Outline Scan(string source)
    {
        var (html, headEnd) = (-1, -1);
        for (var at = Skip(source, source.StartsWith('\uFEFF') ? 1 : 0); ; at = Skip(source, at))
        {
            var next = Past(source, at, out var name);
            if (html < 0 && name != "!")
                html = at;
            if (name == "/head")
                headEnd = at;
            if (next < 0)
                return new Outline(html, headEnd < 0 ? at : headEnd, at);
            at = next;
        }
    }

    /// <summary>Where the end tag of that name begins, from a place on, and where it ends; the end of the source if there is none.</summary>
    public static (int Start, int End) EndTag(string source, int from, string name)
    {
        for (var at = source.IndexOf("</", from, StringComparison.Ordinal); at >= 0; at = source.IndexOf("</", at + 2, StringComparison.Ordinal))
        {
            var after = at + 2 + name.Length;
            if (string.Compare(source, at + 2, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) != 0)
                continue;
            if (after >= source.Length || !(IsSpace(source[after]) || source[after] is '>' or '/'))
                continue;
            var close = source.IndexOf('>', after);
            return (at, close < 0 ? source.Length : close + 1);
        }
        return (source.Length, source.Length);
    }

    private static int Skip(string source, int at)
    {
        while (at < source.Length && IsSpace(source[at]))
            at++;
        return at;
    }

    /// <summary>Past what belongs before the body, or -1 where the body begins.</summary>
    private static int Past(string source, int at, out string name)
    {
        name = "";
        if (string.CompareOrdinal(source, at, "<!--", 0, 4) == 0)
        {
            name = "!";
            return PastComment(source, at);
        }
        if (at + 1 < source.Length && source[at] == '<' && source[at + 1] is '!' or '?')
        {
            name = "!";
            return Close(source, at);
        }
        if (string.Compare(source, at, "</head", 0, 6, StringComparison.OrdinalIgnoreCase) == 0)
        {
            name = "/head";
            return Close(source, at);
        }
        if (StartTag.Read(source, at) is not { } tag)
            return -1;
        name = tag.Name;
        if (name is "html" or "head" || Void.Contains(name))
            return tag.End;
        return Raw.Contains(name) ? EndTag(source, tag.End, name).End : -1;
    }

    private static int PastComment(string source, int at)
    {
        if (string.CompareOrdinal(source, at, "<!-->", 0, 5) == 0)
            return at + 5;
        if (string.CompareOrdinal(source, at, "<!--->", 0, 6) == 0)
            return at + 6;
        var plain = source.IndexOf("-->", at + 4, StringComparison.Ordinal);
        var bang = source.IndexOf("--!>", at + 4, (plain < 0 ? source.Length : plain) - at - 4, StringComparison.Ordinal);
        if (plain < 0 && bang < 0)
            return source.Length;
        return bang < 0 ? plain + 3 : bang + 4;
    }

    private static int Close(string source, int at) => source.IndexOf('>', at) is >= 0 and var close ? close + 1 : source.Length;

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';
}
