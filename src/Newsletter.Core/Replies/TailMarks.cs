namespace Newsletter.Replies;

/// <summary>Finds what stands below the words of a person: signature, footer of the program, disclaimer of the firm.</summary>
/// <param name="lines">All lines.</param>
/// <param name="kinds">Their kinds, to be set.</param>
internal sealed class TailMarks(IReadOnlyList<FoldLine> lines, BlockKind[] kinds)
{
    private const int LongestSignature = 25;
    private const int MostBlank = 400;
    private const int LongestFooter = 6;
    private const int LongestFooterLine = 160;
    private const int LongestContact = 15;
    private const int LongestContactLine = 90;
    private const int LongestDisclaimer = 4000;

    /// <summary>Looks at a run of lines that nobody quoted, <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public void Find(int start, int end)
    {
        end = Cut(Delimited(start, end), end, BlockKind.Signature);
        end = Cut(Disclaimer(start, end), end, BlockKind.Footer);
        end = Cut(Footer(start, end), end, BlockKind.Footer);
        end = Cut(BelowClosing(start, end) ?? Contacts(start, end), end, BlockKind.Signature);
    }

    private int Cut(int? from, int end, BlockKind kind)
    {
        if (from is not { } start)
            return end;
        kinds.AsSpan(start, end - start).Fill(kind);
        return start;
    }

    /// <summary>RFC 3676 §4.3: two dashes and a blank, which some programs cut off. OpenPGP's signature (RFC 9580 §7) likewise.</summary>
    private int? Delimited(int start, int end)
    {
        for (var at = start; at < end; at++)
            if (lines[at].Text.StartsWith("-----BEGIN PGP SIGNATURE", StringComparison.Ordinal) || (lines[at].Text is "--" && IsShort(at + 1, end)))
                return at;
        return null;
    }

    /// <summary>Whether what follows may be a signature. No further than that is looked: a text of nothing but dashes would cost the square of its lines.</summary>
    private bool IsShort(int start, int end)
    {
        var written = 0;
        for (var at = start; at < end; at++)
            if ((!lines[at].IsBlank && ++written > LongestSignature) || at - start > MostBlank)
                return false;
        return true;
    }

    private int? Disclaimer(int start, int end)
    {
        for (var at = start; at < end; at++)
            if (!lines[at].IsBlank && (at == start || lines[at - 1].IsBlank || QuotedHeader.IsRule(lines[at - 1])) && ReplyMarks.Disclaimers.Begin(Bare(at)) && SpeaksOfSecrets(at, end))
                return WithRule(at, start);
        return null;
    }

    private bool SpeaksOfSecrets(int at, int end)
    {
        for (var read = 0; at < end && read < LongestDisclaimer; read += lines[at++].Text.Length + 1) // a blank line is read as well
            if (ReplyMarks.DisclaimerWords.Any(word => lines[at].Text.Contains(word, StringComparison.OrdinalIgnoreCase)))
                return true;
        return false;
    }

    private int? Footer(int start, int end)
    {
        int? found = null;
        for (var (at, seen) = (end - 1, 0); at >= start && seen < LongestFooter; at--)
        {
            if (lines[at].IsBlank)
                continue;
            seen++;
            if (lines[at].Text.Length <= LongestFooterLine && ReplyMarks.Footers.Begin(Bare(at)))
                found = at;
        }
        return found is { } first ? WithRule(first, start) : null;
    }

    /// <summary>"Best regards", a name, and below it what stands on a visiting card.</summary>
    private int? BelowClosing(int start, int end)
    {
        for (var (at, seen) = (end - 1, 0); at >= start && seen <= LongestContact; at--)
        {
            if (lines[at].IsBlank)
                continue;
            seen++;
            if (!ReplyMarks.Closings.Contains(lines[at].Plain.TrimEnd(',', '.', '!', ' ', '\u3002', '\uFF01', '\u3001')))
                continue;
            var name = Next(at + 1, end);
            var card = name < end ? Next(name + 1, end) : end;
            return card < end && Enumerable.Range(card, end - card).Any(IsContact) ? card : null;
        }
        return null;
    }

    /// <summary>A last paragraph of short lines, two of which are contact data, and not the only one.</summary>
    private int? Contacts(int start, int end)
    {
        var last = end - 1;
        while (last >= start && lines[last].IsBlank)
            last--;
        var first = last;
        while (first > start && !lines[first - 1].IsBlank && last - first < LongestContact)
            first--;
        return first > start && lines[first - 1].IsBlank && last > first && Enumerable.Range(first, last - first + 1).All(at => lines[at].Text.Length <= LongestContactLine)
            && Count(start, first) > 0 && Enumerable.Range(first, last - first + 1).Count(IsContact) >= 2 ? first : null;
    }

    private bool IsContact(int at)
    {
        var text = lines[at].Text;
        if (text.Length > LongestContactLine)
            return false;
        return text.Contains('@') || ReplyMarks.Contacts.Begin(lines[at].Plain) || (text.Count(char.IsAsciiDigit) >= 7 && text.AsSpan().IndexOfAny('+', '(', '/') >= 0) || text.Contains("www.", StringComparison.OrdinalIgnoreCase);
    }

    private int Next(int at, int end)
    {
        while (at < end && lines[at].IsBlank)
            at++;
        return at;
    }

    private int WithRule(int at, int start)
    {
        var above = at - 1;
        while (above > start && lines[above].IsBlank)
            above--;
        return above > start && QuotedHeader.IsRule(lines[above]) ? above : at;
    }

    private int Count(int start, int end)
    {
        var count = 0;
        for (var at = start; at < end; at++)
            count += lines[at].IsBlank ? 0 : 1;
        return count;
    }

    private string Bare(int at) => lines[at].Plain.TrimStart('(', '[', '<', '-', '\u2013', '\u2014', '_', '~', ' ', '\u2022', '"', '|');
}
