using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Whether the text part says what the HTML says: filters compare the two (SpamAssassin MPART_ALT_DIFF, rspamd R_PARTS_DIFFER), and some read only one.</summary>
internal static class TextPartRules
{
    private const double MostMissing = 0.05;

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var shown = Counted(Shown(manuscript.Letter));
        var written = Counted(manuscript.LetterText);
        var missing = shown.Select(pair => (pair.Key, Count: pair.Value - written.GetValueOrDefault(pair.Key))).Where(pair => pair.Count > 0).OrderByDescending(pair => pair.Count).ToList();
        var total = Math.Max(1, shown.Values.Sum());
        if (missing.Sum(pair => pair.Count) > Math.Max(3, total * MostMissing))
            yield return Manuscript.Whole("text-differs", string.Create(CultureInfo.InvariantCulture,
                $"{100.0 * missing.Sum(pair => pair.Count) / total:0.#} % of the HTML's words are not in the text part: {string.Join(", ", missing.Take(5).Select(pair => pair.Key))}"));

        var addresses = manuscript.LetterText.Split([' ', '\n', '<', '>', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Select(Whole).ToHashSet(StringComparer.Ordinal);
        var lost = manuscript.Letter.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!.Trim()).Where(href => href.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            .Distinct().Where(href => !addresses.Contains(Whole(href)))
            .Take(50).Where(href => !IsIn(manuscript.LetterText, href.TrimEnd('/', '.'))).ToList();
        if (lost.Count > 0)
            yield return Manuscript.Whole("text-link", $"{lost.Count} of the HTML's links {(lost.Count == 1 ? "is" : "are")} not in the text part, `{Words.Short(lost[0])}` for one");
    }

    // Brackets part an address from its number, and may be signs of it as well.
    private static bool IsIn(string text, string address) => text.Contains(address, StringComparison.Ordinal) || text.Contains(Uri.UnescapeDataString(address), StringComparison.Ordinal);

    // The text has an address as its author wrote it (/報告, /Occam's_razor, müller.example), the HTML in signs that every program knows (/%E5%A0%B1%E5%91%8A, xn--mller-kva.example).
    private static string Whole(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri)
        ? string.Create(CultureInfo.InvariantCulture, $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}{Uri.UnescapeDataString(uri.PathAndQuery + uri.Fragment)}")
        : address;

    private static string Shown(IDocument letter)
    {
        var text = new StringBuilder();
        var open = new Stack<INode>();
        if (letter.Body is { } body)
            open.Push(body);
        while (open.TryPop(out var node))
            if (node is IText words)
                text.Append(words.Data);
            else if (node is IElement element && element.LocalName is not ("style" or "script" or "template") && !IsHidden(element))
            {
                if (element.LocalName is not ("b" or "i" or "em" or "strong" or "a" or "span" or "code" or "sub" or "sup" or "small" or "mark" or "del" or "s" or "u" or "abbr" or "font"))
                    text.Append(' ');
                for (var i = element.ChildNodes.Length - 1; i >= 0; i--)
                    open.Push(element.ChildNodes[i]);
            }
        return text.ToString();
    }

    private static bool IsHidden(IElement element) =>
        element.GetAttribute("style") is { } style && (style.Contains("display: none", StringComparison.OrdinalIgnoreCase) || style.Contains("display:none", StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, int> Counted(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || end > at && IsUnseen(text[end])))
                end++;
            if (end > at && string.Concat(text[at..end].Where(sign => !IsUnseen(sign))) is var word)
                counts[word] = counts.GetValueOrDefault(word) + 1;
            at = Math.Max(end, at + 1);
        }
        return counts;
    }

    // Soft hyphens, joiners and blanks of no width, which the text part leaves out.
    private static bool IsUnseen(char sign) => sign is '\u00AD' or '\u034F' or (>= '\u200B' and <= '\u200D') or '\u2060' or '\uFEFF';
}
