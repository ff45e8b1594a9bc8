using System.Buffers;
using System.Text;

namespace Newsletter.Inlining;

/// <summary>Selectors of nested rules written without nesting (CSS Nesting §3), which no mail program knows.</summary>
internal static class Nesting
{
    private static readonly SearchValues<char> Combinators = SearchValues.Create(" >+~\t\n");

    public static string Resolve(string prelude, List<string> parents)
    {
        var joined = string.Join(',', parents);
        var made = new StringBuilder();
        foreach (var selector in SelectorParser.Split(prelude))
        {
            if (made.Length > 0)
                made.Append(',');
            made.Append(One(selector, joined, parents.Count == 1));
        }
        return made.ToString();
    }

    private static string One(string selector, string parent, bool single)
    {
        var made = new StringBuilder();
        var tokens = new CssTokenizer(selector);
        var any = false;
        for (var token = tokens.Next(); token.Kind != CssTokenKind.End; token = tokens.Next())
        {
            var isParent = token.IsDelim(selector, '&');
            any |= isParent;
            if (isParent)
                made.Append(Plain(single, parent, selector, token) ? parent : $":is({parent})");
            else
                made.Append(token.In(selector));
        }
        return any ? made.ToString() : $"{(single ? parent : $":is({parent})")} {selector}";
    }

    /// <summary>The parent may stand for &amp; as it is where it begins the selector, or is a compound after white space or a combinator.</summary>
    private static bool Plain(bool single, string parent, string selector, CssToken token)
    {
        var simple = !parent.AsSpan().ContainsAny(Combinators);
        return single && (token.Start == 0 || (simple && " >+~(,".Contains(selector[token.Start - 1])))
            && (token.End == selector.Length || !CssText.IsNameChar(selector[token.End]));
    }
}
