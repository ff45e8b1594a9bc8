namespace Newsletter.Replies;

/// <summary>Says of each line of a mail whether the person wrote it. Pure and linear: the same lines give the same kinds.</summary>
/// <remarks>
/// First what is quoted: by marks, by the line that names the quoted mail, by its header; where the quote itself has no marks, all behind that line is it. Of what is
/// left, tails: signatures, footers, disclaimers. What no rule takes is the person's.
/// </remarks>
internal sealed class LineFolding
{
    private const int MostTries = 2_000;
    private const int LongLine = 66;
    private readonly IReadOnlyList<FoldLine> lines;
    private readonly BlockKind[] kinds;
    private readonly BlockKind quote;
    private int tries;

    private LineFolding(IReadOnlyList<FoldLine> lines, bool isForward) =>
        (this.lines, kinds, quote) = (lines, new BlockKind[lines.Count], isForward ? BlockKind.Forwarded : BlockKind.Quoted);

    /// <param name="lines">In their order.</param>
    /// <param name="isForward">Whether the subject says that a mail is handed on: then an unmarked header begins it.</param>
    public static BlockKind[] Kinds(IReadOnlyList<FoldLine> lines, bool isForward)
    {
        var folding = new LineFolding(lines, isForward);
        folding.FindQuotes();
        folding.FindTails();
        folding.GiveBlanks();
        return folding.kinds;
    }

    private void FindQuotes()
    {
        for (var (at, settled) = (0, 0); at < lines.Count;)
        {
            var end = Quoted(at, settled);
            if (end > at)
                settled = end;
            at = Math.Max(end, at + 1);
        }
    }

    /// <summary>Behind what is quoted from this line on (or ends with it); the line itself where nothing is.</summary>
    private int Quoted(int at, int settled)
    {
        var line = lines[at];
        if (line.Mark is ElementMark.Rest)
            return Rest(WithRule(at, settled), quote);
        if (line.Mark is ElementMark.Forward)
            return Mark(at, at + 1, BlockKind.Forwarded);
        if (line.Depth > 0 || line.Mark is ElementMark.Quote)
            return Mark(at, at + 1, BlockKind.Quoted);
        if (line.Mark is ElementMark.Signature)
            return Mark(at, at + 1, BlockKind.Signature);
        if (line.IsBlank)
            return at;
        if (IsRestOfLongLine(at))
            return Mark(at, at + 1, BlockKind.Quoted);
        return Divided(at, settled) ?? Attributed(at, settled) ?? at;
    }

    private int? Divided(int at, int settled)
    {
        var divider = QuotedHeader.Read(lines[at]);
        if (divider is QuotedHeader.Divider.Forward)
            return Rest(at, BlockKind.Forwarded);
        var header = divider is QuotedHeader.Divider.Original ? Next(at + 1) : at;
        var end = header < lines.Count ? QuotedHeader.End(lines, header) : null;
        if (end is null && divider is not QuotedHeader.Divider.Original)
            return null;
        // Marked lines behind it are all that is quoted; else there is no telling where it ends.
        var start = WithRule(at, settled);
        var behind = end ?? at + 1;
        return Next(behind) is var next && next < lines.Count && IsQuoted(next) ? Mark(start, behind, BlockKind.Quoted) : Rest(start, quote);
    }

    private int? Attributed(int at, int settled)
    {
        if (!Attribution.MayEnd(lines[at].Text) || tries++ >= MostTries)
            return null;
        var next = Next(at + 1);
        var isBeforeQuote = next < lines.Count && IsQuoted(next);
        if (Attribution.Start(lines, at, settled, isBeforeQuote) is not { } start)
            return null;
        return isBeforeQuote ? Mark(start, at + 1, BlockKind.Quoted) : Rest(start, quote);
    }

    /// <summary>A program that breaks long lines leaves the rest of a quoted one without its mark.</summary>
    private bool IsRestOfLongLine(int at) =>
        at > 0 && at + 1 < lines.Count && lines[at - 1].Depth > 0 && lines[at + 1].Depth > 0 && lines[at - 1].Text.Length >= LongLine && !lines[at + 1].IsBlank
        && lines[at].Text.Length < lines[at - 1].Text.Length / 2 && char.IsLower(lines[at].Text[0]);

    private bool IsQuoted(int at) => lines[at].Depth > 0 || lines[at].Mark is ElementMark.Quote;

    private int WithRule(int at, int settled) => at > settled && QuotedHeader.IsRule(lines[at - 1]) ? at - 1 : at > settled + 1 && lines[at - 1].IsBlank && QuotedHeader.IsRule(lines[at - 2]) ? at - 2 : at;

    private int Next(int at)
    {
        while (at < lines.Count && lines[at].IsBlank)
            at++;
        return at;
    }

    private int Rest(int start, BlockKind kind) => Mark(start, lines.Count, kind);

    private int Mark(int start, int end, BlockKind kind)
    {
        kinds.AsSpan(start, end - start).Fill(kind);
        return end;
    }

    private void FindTails()
    {
        var tails = new TailMarks(lines, kinds);
        for (var (start, at) = (0, 0); at <= lines.Count; at++)
            if (at == lines.Count || kinds[at] is not BlockKind.Written)
            {
                if (at > start)
                    tails.Find(start, at);
                start = at + 1;
            }
    }

    /// <summary>Blank lines belong to what is above them; the first of all to what is below.</summary>
    private void GiveBlanks()
    {
        var first = Next(0);
        if (first == lines.Count)
            return;
        kinds.AsSpan(0, first).Fill(kinds[first]);
        for (var at = first + 1; at < lines.Count; at++)
            if (lines[at].IsBlank && lines[at].Depth == 0)
                kinds[at] = kinds[at - 1];
    }
}
