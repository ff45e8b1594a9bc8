using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>A word that stands there twice: "the the", over a line's end as well.</summary>
internal static class WordRules
{
    // Right as they are, in one sense or another.
    private static readonly HashSet<string> Meant = new(StringComparer.OrdinalIgnoreCase)
    {
        "had", "that", "very", "really", "many", "much", "so", "no", "yes", "bye", "ha", "hah", "haha", "blah", "bla", "long", "far", "way", "now", "there", "well", "ever", "never", "more", "again", "wait", "log", "do",
        "knock", "tut", "hear", "ho", "cha", "boo", "chop", "win", "night", "pretty", "super", "big", "old", "new", "too", "please", "ok", "okay", "oh", "um", "uh", "her", "nice", "good", "hey", "hi", "aye",
    };

    // No town is called so, whatever the capital.
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "the", "a", "an", "and", "or", "but", "of", "in", "on", "at", "to", "for", "with", "by", "from", "is", "are", "was", "it", "its", "this", "these", "we", "you", "your", "they", "he", "she", "i", "as", "if", "not", "be", "how", "what", "why", "when",
    };

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        // In other languages short words stand twice by right: "die die", "nous nous", "de de".
        var shortest = manuscript.Language == "en" ? 1 : 5;
        var links = manuscript.Links.Select(link => (link.In, link.Start, link.End)).ToHashSet(); // two links of one word each are two references
        return manuscript.Passages.SelectMany(passage => Check(manuscript, passage, links, shortest));
    }

    private static IEnumerable<IssueProblem> Check(Manuscript manuscript, Passage passage, HashSet<(Passage, int, int)> links, int shortest)
    {
        var text = passage.Text;
        var (lastStart, lastEnd) = (0, 0);
        IssueProblem? found = null; // said only when the next word is another: `delegate, delegate, delegate` is a speech, not a slip
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }
            var end = at;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || IsInner(text, end)))
                end++;
            var isAgain = lastEnd > lastStart && text.AsSpan(lastStart, lastEnd - lastStart).Equals(text.AsSpan(at, end - at), StringComparison.OrdinalIgnoreCase)
                && char.IsLetter(text[at]) && IsBlank(text, lastEnd, at) && !(links.Contains((passage, lastStart, lastEnd)) && links.Contains((passage, at, end)));
            if (found is not null && !isAgain)
                yield return found;
            found = isAgain && found is null && end - at >= shortest && IsSlip(text, lastStart, lastEnd, at, end)
                ? manuscript.At(passage.Offset(at), "word-twice", $"`{Words.Short(text[lastStart..end])}`")
                : null;
            (lastStart, lastEnd) = (at, end);
            at = Math.Max(end, at + 1);
        }
        if (found is not null)
            yield return found;
    }

    private static bool IsInner(string text, int at) => text[at] is '\'' or '’' && at + 1 < text.Length && char.IsLetter(text[at + 1]);

    // A hard break or an empty line between them parts two sentences.
    private static bool IsBlank(string text, int from, int to)
    {
        var ends = 0;
        for (var i = from; i < to; i++)
            if (text[i] == '\n')
                ends++;
            else if (text[i] != ' ')
                return false;
        return to > from && to - from < 200 && ends <= 1;
    }

    private static bool IsSlip(string text, int first, int firstEnd, int second, int secondEnd)
    {
        var word = text[second..secondEnd];
        if (Meant.Contains(word) || word.Length == 1 && word is not ("a" or "A" or "i" or "I"))
            return false;
        var isName = char.IsUpper(text[first]) && char.IsUpper(text[second]) && (word.Length == 1 || !Common.Contains(word) || word == "The" && text[first..firstEnd] == "The"); // Walla Walla, and The The
        var isCut = secondEnd < text.Length && text[secondEnd] is '-' or '\u2010' or '/' or '&' or '@' or '_' || first > 0 && text[first - 1] is '-' or '/' or '@' or '_' or '\'' or '’' or '.' || text.AsSpan(secondEnd).StartsWith("->");
        var isInitial = word.Length == 1 && (secondEnd < text.Length && text[secondEnd] is '.' or '+' or '*' || firstEnd < text.Length && text[firstEnd] == '.');
        var isTerm = char.IsLower(text[first]) && char.IsUpper(text[second]); // **extension** Extension of the file
        return !isName && !isCut && !isInitial && !isTerm;
    }
}
