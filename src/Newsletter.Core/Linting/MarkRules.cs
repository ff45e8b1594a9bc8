using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Marks of Markdown that stay visible: stars, backticks, tildes, a lone backslash. Not those that are meant: <c>*BSD</c>, <c>Sgr A*</c>, <c>2 * 3</c>, <c>~450</c>.</summary>
internal static partial class MarkRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript) => manuscript.Passages.SelectMany(passage =>
        Stars(manuscript, passage).Concat(Single(manuscript, passage)).Concat(EmptyLines(manuscript, passage)).Concat(Unfilled(manuscript, passage)));

    // A backslash at a line's end breaks the line; one with nothing before it breaks nothing.
    private static IEnumerable<IssueProblem> EmptyLines(Manuscript manuscript, Passage passage)
    {
        for (var at = passage.Text.IndexOf("\n\n", StringComparison.Ordinal); at >= 0; at = passage.Text.IndexOf("\n\n", at + 1, StringComparison.Ordinal))
            if (manuscript.Body[passage.Offset(at + 1)] == '\\')
                yield return manuscript.At(passage.Offset(at + 1), "backslash-visible", "a line with nothing but a backslash");
    }

    // What a bar of a table cut off, or what was meant for a name that is none.
    private static IEnumerable<IssueProblem> Unfilled(Manuscript manuscript, Passage passage) =>
        FillIn().Matches(passage.Text).Where(match => passage.Offset(match.Index) is var offset && (offset == 0 || manuscript.Body[offset - 1] != '\\'))
            .Select(match => manuscript.At(passage.Offset(match.Index), "marks-visible", $"`{Around(passage.Text, match.Index, match.Length)}` is not filled in and stays visible", "write [[snippet: NAME]], [[list: NAME]], [[count: NAME]] or [[contents]]; in a table without a bar"));

    private static IEnumerable<IssueProblem> Stars(Manuscript manuscript, Passage passage)
    {
        if (!passage.Text.Contains('*', StringComparison.Ordinal))
            yield break;

        var stars = Star().Matches(passage.Text).Where(match => IsBare(manuscript, passage, match.Index, '*')).ToList();
        for (var i = 0; i < stars.Count; i++)
        {
            var (opens, closes) = (Opens(passage.Text, stars[i]), Closes(passage.Text, stars[i]));
            if (i + 1 < stars.Count && stars[i].Length == 1 && IsTail(passage.Text, stars[i]) && IsTail(passage.Text, stars[i + 1]))
                i++; // `git* and hg*`: each ends a name
            else if (i + 1 < stars.Count && stars[i].Length == 2 && stars[i + 1].Length == 2 && HasWord(passage.Text, stars[i], stars[i + 1]))
                yield return Say(stars[i++]); // ** words **
            else if (i + 1 < stars.Count && stars[i].Length == stars[i + 1].Length && (opens && !IsName(passage.Text, stars[i]) || Closes(passage.Text, stars[i + 1])) && stars[i + 1].Index - stars[i].Index < 400 && (opens || closes || Opens(passage.Text, stars[i + 1]) || Closes(passage.Text, stars[i + 1])))
                yield return Say(stars[i++]); // the pair
            else if (opens && !closes && stars[i].Index > 0 && !IsName(passage.Text, stars[i]) || stars[i].Length > 1 && (opens || closes) && !IsRating(passage.Text, stars[i]) && !IsName(passage.Text, stars[i]))
                yield return Say(stars[i]);
        }

        IssueProblem Say(Match star) => manuscript.At(passage.Offset(star.Index), "marks-visible", $"`{Around(passage.Text, star.Index, star.Length)}`: the star stays visible",
            IsBetweenMarks(passage.Text, star) ? "between a letter and a quotation mark stars are none to Markdown: put them inside of the marks, or write <b> and </b>" : null);
    }

    // CommonMark, left- and right-flanking runs: `という**「強調」**と` and `**“강조”**는`.
    private static bool IsBetweenMarks(string text, Match star)
    {
        var (before, behind) = (star.Index > 0 ? text[star.Index - 1] : ' ', star.Index + star.Length < text.Length ? text[star.Index + star.Length] : ' ');
        return char.IsLetterOrDigit(before) && IsMark(behind) || IsMark(before) && char.IsLetterOrDigit(behind);

        static bool IsMark(char sign) => char.IsPunctuation(sign) && sign != '*';
    }

    private static bool HasWord(string text, Match first, Match second) =>
        second.Index - first.Index < 400 && text.AsSpan(first.Index + 2, second.Index - first.Index - 2).IndexOfAnyInRange('a', 'z') >= 0 && !IsName(text, first) && !IsName(text, second);

    private static bool IsTail(string text, Match star) => star.Index > 0 && char.IsLetterOrDigit(text[star.Index - 1]) && !Opens(text, star) && Closes(text, star);

    // A mark that opens has words behind it, one that closes has words before it.
    private static bool Opens(string text, Match star) => star.Index + star.Length < text.Length && !char.IsWhiteSpace(text[star.Index + star.Length]) && (star.Index == 0 || !char.IsLetterOrDigit(text[star.Index - 1]));

    private static bool Closes(string text, Match star) => star.Index > 0 && !char.IsWhiteSpace(text[star.Index - 1]) && (star.Index + star.Length == text.Length || !char.IsLetterOrDigit(text[star.Index + star.Length]));

    /// <summary><c>*BSD</c>, <c>*nix</c>, <c>*.txt</c>, <c>**kwargs</c>: a name with a star.</summary>
    private static bool IsName(string text, Match star) => Name().IsMatch(text[(star.Index + star.Length)..Math.Min(text.Length, star.Index + star.Length + 12)]);

    // Swearing and censored words, scales (`***`), pointers: only stars.
    private static bool IsRating(string text, Match star) => star.Length > 3 || star.Index + star.Length < text.Length && !char.IsLetter(text[star.Index + star.Length]) && star.Index > 0 && !char.IsLetter(text[star.Index - 1]);

    private static IEnumerable<IssueProblem> Single(Manuscript manuscript, Passage passage)
    {
        for (var at = passage.Text.AsSpan().IndexOfAny('`', '\\', '~'); at >= 0;)
        {
            var sign = passage.Text[at];
            var end = at;
            while (end < passage.Text.Length && passage.Text[end] == sign)
                end++;
            if (IsBare(manuscript, passage, at, sign) && Message(passage.Text, at, end, sign) is { } message)
                yield return manuscript.At(passage.Offset(at), sign == '\\' ? "backslash-visible" : "marks-visible", message);
            var next = passage.Text.AsSpan(end).IndexOfAny('`', '\\', '~');
            at = next < 0 ? -1 : end + next;
        }
    }

    private static string? Message(string text, int at, int end, char sign) => sign switch
    {
        '`' => $"`{Around(text, at, end - at)}`: the backtick stays visible",
        '~' when end - at == 2 && !(at > 0 && end < text.Length && text[at - 1] == ' ' && text[end] == ' ') => $"`{Around(text, at, 2)}`: the tildes stay visible",
        '\\' when (at == 0 || char.IsWhiteSpace(text[at - 1])) && (end == text.Length || char.IsWhiteSpace(text[end])) => "a backslash alone stays visible",
        _ => null,
    };

    /// <summary>Whether the sign stands in the source as it is: not escaped, not an entity.</summary>
    private static bool IsBare(Manuscript manuscript, Passage passage, int index, char sign)
    {
        var offset = passage.Offset(index);
        return offset < manuscript.Body.Length && manuscript.Body[offset] == sign && (offset == 0 || manuscript.Body[offset - 1] != '\\');
    }

    private static string Around(string text, int at, int length) => Words.Short(text[Math.Max(0, at - 12)..Math.Min(text.Length, at + length + 20)]).Replace('`', '\'');

    [GeneratedRegex(@"\[\[\s*(?:list|count|snippet|content)s?\s*[:\]|]", RegexOptions.IgnoreCase)]
    private static partial Regex FillIn();

    [GeneratedRegex(@"\*+")]
    private static partial Regex Star();

    [GeneratedRegex(@"^(?:[A-Z]{2,}|nix\b|n[ui]x\b|\.\w|args\b|kwargs\b|/|,|\)|\]|\*)")]
    private static partial Regex Name();
}
