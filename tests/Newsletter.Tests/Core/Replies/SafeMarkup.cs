using System.Text.RegularExpressions;

namespace Newsletter.Tests.Core.Replies;

/// <summary>A second opinion on safe HTML: tags of a short list, each closed in its turn, attributes of a short list, every other sign escaped.</summary>
internal static partial class SafeMarkup
{
    private static readonly HashSet<string> Elements =
    [
        "p", "div", "blockquote", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "code", "tt", "kbd", "samp", "q", "small", "dl", "dt", "dd", "a", "span",
    ];

    public static bool IsBalanced(string html)
    {
        var open = new Stack<string>();
        var rest = Tag().Replace(html, match =>
        {
            var name = match.Groups["name"].Value;
            if (name is "br" or "hr" or "img")
                return "";
            if (!Elements.Contains(name))
                return "<";
            if (match.Groups["end"].Length == 0)
                open.Push(name);
            else if (!open.TryPop(out var last) || last != name)
                return "<";
            return "";
        });
        return open.Count == 0 && !rest.Contains('<') && !rest.Contains('>');
    }

    [GeneratedRegex("""<(?<end>/?)(?<name>[a-z0-9]+)(?: (?:dir|colspan|rowspan|start|class|target|rel|alt|loading)="[^"<>]*"| href="(?:https?|mailto):[^"<>]*"| src="(?:/image|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/= \r\n]*)")*>""")]
    private static partial Regex Tag();
}
