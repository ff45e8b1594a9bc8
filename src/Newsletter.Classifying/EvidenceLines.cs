namespace Newsletter.Classifying;

/// <summary>Says where in a mail the words stand that a rule found: part, line and the line as it was written.</summary>
internal static class EvidenceLines
{
    private const int MaxLines = 300;
    private const int Together = 3;
    private const int Begin = 24;

    /// <summary><c>part 1 (text/plain), line 4: user unknown</c>; where no line holds them, the part and the words as they were compared.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="words">As <see cref="Phrases.Match"/> gave them: plain, and in texts whose lines were joined.</param>
    public static string Find(IncomingMail mail, string words)
    {
        if (mail.Texts is not [var first, ..])
            return $"header: {words}";
        var begin = words.Length > Begin ? words[..Begin] : words;
        foreach (var text in mail.Texts)
            if (LineOf(text.Lines, begin) is >= 0 and var at)
                return $"{text.Place}, line {at + 1}: {text.Lines[at].Trim()}";
        return $"{first.Place}: {words}";
    }

    /// <summary>A sentence may be broken over lines: it begins on the last line from which it can be read.</summary>
    private static int LineOf(IReadOnlyList<string> lines, string begin)
    {
        for (var at = 0; at < Math.Min(lines.Count, MaxLines); at++)
            if (Phrases.Plain(lines[at]).Contains(begin, StringComparison.Ordinal))
                return at;
        for (var at = Math.Min(lines.Count, MaxLines) - 1; at >= 0; at--)
            if (Phrases.Plain(string.Join(' ', lines.Skip(at).Take(Together))).Contains(begin, StringComparison.Ordinal))
                return at;
        return -1;
    }
}
