using System.Text.RegularExpressions;

namespace Newsletter.Linting;

/// <summary>As much of CSS as findings need: declarations of a style attribute, and the pieces of a sheet.</summary>
internal static partial class Css
{
    /// <summary>Property in lower case, and value; what is no declaration is left out.</summary>
    public static IEnumerable<(string Property, string Value)> Declarations(string style)
    {
        var (start, depth, quote) = (0, 0, '\0');
        for (var i = 0; i <= style.Length; i++)
        {
            if (i < style.Length && (quote != '\0' || style[i] is '"' or '\''))
                quote = quote == '\0' ? style[i] : quote == style[i] ? '\0' : quote;
            else if (i < style.Length && style[i] is '(' or ')')
                depth += style[i] == '(' ? 1 : -1;
            if (i < style.Length && (style[i] != ';' || depth > 0 || quote != '\0'))
                continue;
            var one = style[start..i];
            if (one.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && one[..colon].Trim().ToLowerInvariant() is { Length: > 0 } property)
                yield return (property, one[(colon + 1)..].Trim());
            start = i + 1;
        }
    }

    /// <summary>A sheet without comments.</summary>
    public static string WithoutComments(string sheet) => Comment().Replace(sheet, " ");

    /// <summary>Each block of a sheet: what stands before its brace, and, where it holds no further block, what is in it.</summary>
    public static IEnumerable<(string Head, string Body)> Blocks(string sheet)
    {
        var text = WithoutComments(sheet);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '{')
            {
                var next = text.AsSpan(i + 1).IndexOfAny('{', '}');
                var isLeaf = next < 0 || text[i + 1 + next] == '}';
                yield return (text[start..i].Trim(), isLeaf ? text.Substring(i + 1, next < 0 ? text.Length - i - 1 : next) : "");
                start = i + 1;
                if (isLeaf && next >= 0)
                    start = (i += next) + 1;
            }
            else if (text[i] is '}' or ';')
                start = i + 1;
    }

    /// <summary>A sheet as it is where the media query <paramref name="holds"/>: those blocks lose their frame, and those for the opposite go.</summary>
    public static string Unwrapped(string sheet, Regex holds, Regex fails)
    {
        var text = WithoutComments(sheet);
        var parts = new List<string>();
        var start = 0;
        for (var at = text.IndexOf("@media", StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf("@media", start, StringComparison.OrdinalIgnoreCase))
        {
            var open = text.IndexOf('{', at);
            if (open < 0)
                break;
            var close = End(text, open);
            var query = text[at..open];
            parts.Add(text[start..at]);
            parts.Add(holds.IsMatch(query) ? text[(open + 1)..close] : fails.IsMatch(query) ? "" : text[at..Math.Min(text.Length, close + 1)]);
            start = Math.Min(text.Length, close + 1);
        }
        parts.Add(text[start..]);
        return string.Concat(parts);
    }

    private static int End(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
            if (text[i] == '{')
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return i;
        return text.Length;
    }

    [GeneratedRegex(@"/\*.*?(?:\*/|\z)", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
