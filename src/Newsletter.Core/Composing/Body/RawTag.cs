using System.Net;

namespace Newsletter.Composing.Body;

/// <summary>A piece of an author's HTML: text between tags, a tag, or something that is neither shown nor kept (a comment, a declaration).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The element, in lower case; empty for text and comments.</param>
/// <param name="Text">Decoded text; empty for tags.</param>
/// <param name="Attributes">Decoded, names in lower case, the first of two with one name.</param>
/// <param name="Offset">In the HTML that was read.</param>
/// <param name="IsWhole">Written as <c>&lt;a/&gt;</c>: meant without content, whatever a browser makes of it.</param>
internal sealed record RawTag(RawKind Kind, string Name, string Text, IReadOnlyList<KeyValuePair<string, string>> Attributes, int Offset, bool IsWhole = false)
{
    private const int MaxTag = 8000;

    /// <summary>The value of an attribute; null where it has none of that name.</summary>
    public string? this[string attribute] => Attributes.FirstOrDefault(pair => pair.Key == attribute) is { Key: not null } found ? found.Value : null;

    /// <summary>Splits HTML into its pieces. Never throws; what looks like a tag and is none is text, as in a browser.</summary>
    public static IEnumerable<RawTag> Split(string html)
    {
        var start = 0;
        for (var at = html.IndexOf('<', StringComparison.Ordinal); at >= 0; at = html.IndexOf('<', at))
        {
            var (tag, end) = ReadTag(html, at);
            if (tag is null)
            {
                at++;
                continue;
            }
            if (at > start)
                yield return Words(html[start..at], start);
            yield return tag;
            start = at = end;
        }
        if (start < html.Length)
            yield return Words(html[start..], start);
    }

    private static RawTag Words(string html, int offset) => new(RawKind.Text, "", WebUtility.HtmlDecode(html), [], offset);

    private static (RawTag? Tag, int End) ReadTag(string html, int at)
    {
        if (html.AsSpan(at).StartsWith("<!--"))
            return Comment(html, at, "-->", at + 4);
        if (at + 1 < html.Length && html[at + 1] is '!' or '?')
            return Comment(html, at, ">", at + 2);

        var isEnd = at + 1 < html.Length && html[at + 1] == '/';
        var name = at + (isEnd ? 2 : 1);
        var end = name;
        while (end < html.Length && (char.IsAsciiLetterOrDigit(html[end]) || html[end] == '-') && end - name < 40)
            end++;
        if (end == name || !char.IsAsciiLetter(html[name]))
            return (null, at);

        var attributes = new List<KeyValuePair<string, string>>();
        var close = ReadAttributes(html, end, Math.Min(html.Length, at + MaxTag), attributes);
        return close < 0 ? (null, at) : (new(isEnd ? RawKind.End : RawKind.Start, html[name..end].ToLowerInvariant(), "", attributes, at, html[close - 2] == '/'), close);
    }

    private static (RawTag? Tag, int End) Comment(string html, int at, string close, int from)
    {
        var end = html.IndexOf(close, from, StringComparison.Ordinal);
        return (new(RawKind.Comment, "", "", [], at), end < 0 ? html.Length : end + close.Length);
    }

    /// <summary>The offset behind the tag's <c>&gt;</c>; -1 where there is none before <paramref name="limit"/>.</summary>
    private static int ReadAttributes(string html, int at, int limit, List<KeyValuePair<string, string>> into)
    {
        while (at < limit)
        {
            while (at < limit && (char.IsWhiteSpace(html[at]) || html[at] == '/'))
                at++;
            if (at >= limit || html[at] == '>')
                return at < limit ? at + 1 : -1;

            var start = at;
            while (at < limit && !char.IsWhiteSpace(html[at]) && html[at] is not ('=' or '>' or '/' or '<'))
                at++;
            if (at == start)
                return -1;
            var (value, next) = ReadValue(html, at, limit);
            var name = html[start..at].ToLowerInvariant();
            if (next < 0)
                return -1;
            if (!into.Exists(pair => pair.Key == name))
                into.Add(new(name, value));
            at = next;
        }
        return -1;
    }

    private static (string Value, int Next) ReadValue(string html, int at, int limit)
    {
        var equals = at;
        while (equals < limit && char.IsWhiteSpace(html[equals]))
            equals++;
        if (equals >= limit || html[equals] != '=')
            return ("", at);

        at = equals + 1;
        while (at < limit && char.IsWhiteSpace(html[at]))
            at++;
        if (at >= limit)
            return ("", -1);
        if (html[at] is '"' or '\'')
        {
            var close = html.IndexOf(html[at], at + 1, limit - at - 1);
            return close < 0 ? ("", -1) : (WebUtility.HtmlDecode(html[(at + 1)..close]), close + 1);
        }

        var start = at;
        while (at < limit && !char.IsWhiteSpace(html[at]) && html[at] != '>')
            at++;
        return (WebUtility.HtmlDecode(html[start..at]), at);
    }
}

/// <summary>What a piece of HTML is.</summary>
internal enum RawKind { Text, Start, End, Comment }
