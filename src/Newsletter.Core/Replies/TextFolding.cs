namespace Newsletter.Replies;

/// <summary>Folds a plain text: what the person wrote, what is quoted, signatures, footers, forwarded mail.</summary>
public static class TextFolding
{
    /// <summary>The parts of a text in their order; joined they are the text. Linear in its length.</summary>
    /// <param name="text">Lines ended by LF or CRLF.</param>
    /// <param name="isForward">Whether the subject says that a mail is handed on.</param>
    public static IReadOnlyList<FoldedBlock> Fold(string text, bool isForward = false)
    {
        var (ends, lines) = Lines(text);
        var kinds = LineFolding.Kinds(lines, isForward);
        var blocks = new List<FoldedBlock>();
        for (var (first, at) = (0, 0); at < lines.Count; at++)
            if (at + 1 == lines.Count || kinds[at + 1] != kinds[at])
            {
                var start = first == 0 ? 0 : ends[first - 1];
                blocks.Add(new(kinds[at], text[start..ends[at]]));
                first = at + 1;
            }
        return blocks;
    }

    /// <summary>What the person wrote, without the blank lines around it; empty where all is quoted.</summary>
    public static string Written(IEnumerable<FoldedBlock> blocks) =>
        string.Join("\n\n", blocks.Where(block => block.Kind is BlockKind.Written).Select(block => block.Text.Trim()).Where(text => text.Length > 0));

    private static (List<int> Ends, List<FoldLine> Lines) Lines(string text)
    {
        var (ends, lines) = (new List<int>(), new List<FoldLine>());
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            var line = FoldLine.Of(text.AsSpan(start, end - start));
            lines.Add(lines is [.., var before] && IsBrokenAddress(before, line) ? new(text[start..end].Trim(), 0) : line);
            ends.Add(end);
            start = end;
        }
        return (ends, lines);
    }

    /// <summary>Gmail breaks "Ida &lt;ida@harbour.example&gt;:" before its last bracket, which is no mark of quoting then.</summary>
    private static bool IsBrokenAddress(FoldLine before, FoldLine line) =>
        line.Depth == 1 && line.Text.EndsWith(':') && before is { Depth: 0, IsBlank: false } && before.Text.LastIndexOf('<') > before.Text.LastIndexOf('>');
}
