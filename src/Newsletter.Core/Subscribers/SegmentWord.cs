using System.Text;

namespace Newsletter.Subscribers;

/// <summary>What a word of a segment's text is.</summary>
internal enum SegmentWordKind { Plain, Quoted, Sign, End }

/// <summary>A word of a segment's text: letters up to the next blank or sign, a text in quotes (a quote inside is written twice), or a sign.</summary>
/// <param name="Kind">What.</param>
/// <param name="Text">Without its quotes.</param>
/// <param name="Column">Where it begins, counted from 1.</param>
internal sealed record SegmentWord(SegmentWordKind Kind, string Text, int Column)
{
    private const int MaxWords = 1000;

    /// <summary>The words in order; the last is the end.</summary>
    /// <exception cref="SegmentFault">A quote is not closed, or there are too many.</exception>
    public static List<SegmentWord> Cut(string text)
    {
        var words = new List<SegmentWord>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }
            if (words.Count == MaxWords)
                throw new SegmentFault(new(at + 1, $"the text has more than {MaxWords} words", "save a part of it as a segment of its own, and ask for that: in NAME"));
            words.Add(Next(text, ref at));
        }
        words.Add(new(SegmentWordKind.End, "", text.Length + 1));
        return words;
    }

    private static SegmentWord Next(string text, ref int at)
    {
        var start = at;
        if (text[at] == '"')
            return new(SegmentWordKind.Quoted, Quoted(text, ref at), start + 1);
        if (text[at] is '(' or ')' or '=')
            return new(SegmentWordKind.Sign, text[at++].ToString(), start + 1);
        if (text[at] is '<' or '>' or '!')
        {
            at += at + 1 < text.Length && text[at + 1] == '=' ? 2 : 1;
            return new(SegmentWordKind.Sign, text[start..at], start + 1);
        }
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('"' or '(' or ')' or '=' or '<' or '>' or '!'))
            at++;
        return new(SegmentWordKind.Plain, text[start..at], start + 1);
    }

    private static string Quoted(string text, ref int at)
    {
        var (open, value) = (at++, new StringBuilder());
        for (; at < text.Length; at++)
            if (text[at] != '"')
                value.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"')
                value.Append(text[at++]);
            else
            {
                at++;
                return value.ToString();
            }
        throw new SegmentFault(new(open + 1, "the quote is not closed", "write \" where the text ends; a quote inside is written twice"));
    }
}

/// <summary>Ends the reading of a segment's text at its first fault.</summary>
internal sealed class SegmentFault(SegmentProblem problem) : Exception(problem.Message)
{
    public SegmentProblem Problem => problem;
}
