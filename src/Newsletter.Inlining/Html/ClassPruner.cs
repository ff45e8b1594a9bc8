using System.Text;

namespace Newsletter.Inlining;

/// <summary>Drops classes that no kept rule names, nor anything in a comment for Outlook, where style sheets stand too.</summary>
internal sealed class ClassPruner(string kept, string source, bool ignoreCase)
{
    private readonly HashSet<string> named = NamesIn(kept + "\n" + Conditional(source), ignoreCase);

    /// <summary>The value that the class attribute is to have: null for no change, empty for no attribute.</summary>
    public string? Prune(Node node)
    {
        if (!node.HasAttribute("class"))
            return null;
        var left = Array.FindAll(node.Classes, named.Contains);
        return left.Length == node.Classes.Length && left.Length > 0 ? null : string.Join(' ', left);
    }

    private static string Conditional(string source)
    {
        var made = new StringBuilder();
        for (var at = source.IndexOf("<!--[if", StringComparison.OrdinalIgnoreCase); at >= 0; at = source.IndexOf("<!--[if", at, StringComparison.OrdinalIgnoreCase))
        {
            var end = source.IndexOf("-->", at, StringComparison.Ordinal) is >= 0 and var close ? close : source.Length;
            var comment = source.AsSpan(at, end - at);
            at = end;
            if (comment.Contains("<style", StringComparison.OrdinalIgnoreCase))
                made.Append(comment).Append('\n');
        }
        return made.ToString();
    }

    /// <summary>Every identifier and string of the sheet: an attribute selector may name a class too.</summary>
    private static HashSet<string> NamesIn(string css, bool ignoreCase)
    {
        var made = new HashSet<string>(ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        var tokens = new CssTokenizer(css);
        for (var token = tokens.Next(); token.Kind != CssTokenKind.End; token = tokens.Next())
        {
            if (token.Kind == CssTokenKind.Ident)
                made.Add(CssText.Unescape(token.In(css)));
            else if (token.Kind == CssTokenKind.String)
                made.UnionWith(CssText.Unquote(token.In(css)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        return made;
    }
}
