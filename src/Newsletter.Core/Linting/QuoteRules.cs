using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Double quotation marks: one of each kind in a pair, or one of a pair missing.</summary>
internal static class QuoteRules
{
    private const char Open = '“';
    private const char Close = '”';
    private const char Low = '„'; // opens in German and Polish words; “ closes it there

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        // German and its neighbours close with “, Swedish and Finnish open with ”.
        if (manuscript.Language is not ("en" or "es" or "pt" or "it" or "fr" or "nl" or "tr" or "id"))
            yield break;
        for (var i = 0; i < manuscript.Passages.Count; i++)
            foreach (var problem in Check(manuscript, manuscript.Passages[i], i + 1 < manuscript.Passages.Count ? manuscript.Passages[i + 1] : null))
                yield return problem;
    }

    private static IEnumerable<IssueProblem> Check(Manuscript manuscript, Passage passage, Passage? next)
    {
        var text = passage.Text;
        if (passage.Block is HtmlBlock || text.AsSpan().IndexOfAny([Open, Close, Low, '"']) < 0)
            yield break;

        var open = new Stack<int>(); // marks that wait for their others
        for (var i = 0; i < text.Length; i++)
        {
            if (!(text[i] is Low or Open or Close or '"') || text[i] == '"' && IsInches(text, i, open.TryPeek(out var before) && text[before] == '"'))
                continue;
            var top = open.TryPeek(out var at) ? text[at] : '\0';
            if (text[i] == '"' && top == '\0' && IsNamed(text, i))
                continue;
            if (text[i] == Low || text[i] == Open && top != Low || text[i] == '"' && (top == '\0' || top == Open && NextMark(text, i) == '"'))
                open.Push(i);
            else if (top == '\0')
                yield return manuscript.At(passage.Offset(i), "quote-open", $"`{Around(text, i)}` closes what nothing opens");
            else
            {
                if (top == '"' != (text[i] == '"'))
                    yield return manuscript.At(passage.Offset(i), "quote-mixed", $"`{Around(text, at)}` opens {Kind(top)}, `{Around(text, i)}` closes {Kind(text[i])}");
                open.Pop();
            }
        }
        // A quotation of several paragraphs is opened again in each and closed in the last.
        if (open.TryPop(out var last) && !(text[last] is Open or '"' && next?.Text.TrimStart() is [var again, ..] && again == text[last]))
            yield return manuscript.At(passage.Offset(last), "quote-open", $"`{Around(text, last)}` is opened and not closed");
    }

    // The sign itself is meant: `U+0022 (")`, `the " sign`.
    private static bool IsNamed(string text, int at) =>
        (at == 0 || char.IsWhiteSpace(text[at - 1]) || text[at - 1] is '(' or '[' or ']' or '/') && (at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]) || text[at + 1] is ')' or ']' or ',' or '\'' && (at + 2 == text.Length || text[at + 2] != '"'));

    private static char NextMark(string text, int from) => text.AsSpan(from + 1).IndexOfAny(Open, Close, '"') is >= 0 and var next ? text[from + 1 + next] : '\0';

    // Behind feet always; behind any other number where no quotation is open that it could close.
    private static bool IsInches(string text, int at, bool isOpen)
    {
        if (at == 0 || !char.IsDigit(text[at - 1]) || at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]))
            return false;
        var digits = at - 1;
        while (digits > 0 && (char.IsDigit(text[digits - 1]) || text[digits - 1] is '.' or ' '))
            digits--;
        return !isOpen || digits > 1 && (text[digits - 1] is '\'' or '’' or '′') && char.IsDigit(text[digits - 2]);
    }

    private static string Kind(char mark) => mark == '"' ? "straight" : "curly";

    private static string Around(string text, int at) => Words.Short(text[Math.Max(0, at - 10)..Math.Min(text.Length, at + 14)]);
}
