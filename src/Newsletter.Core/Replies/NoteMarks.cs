namespace Newsletter.Replies;

/// <summary>Where the lines begin and end that we set below a reply that is handed on to the editor: by these they are known again in what the editor answers.</summary>
public static class NoteMarks
{
    /// <summary>The line before them.</summary>
    public const string First = "-- ";

    /// <summary>How the last of them begins; the number of the conversation follows.</summary>
    public const string Last = "In the inbox: newsletter inbox show ";

    /// <summary>More lines than these are not looked at: a program may have broken each in several.</summary>
    private const int MaxLines = 40;

    /// <summary>A text without our lines where it quotes them. What is written stays, between them as well.</summary>
    internal static string Without(IEnumerable<FoldedBlock> blocks)
    {
        var lines = blocks.SelectMany(block => block.Text.Split('\n').Select((line, at) => (Line: at == 0 ? line : $"\n{line}", IsWritten: block.Kind is BlockKind.Written))).ToList();
        for (int last; (last = lines.FindIndex(line => !line.IsWritten && Bare(line.Line).StartsWith(Last, StringComparison.Ordinal))) >= 0;)
        {
            var first = lines.FindLastIndex(last, Math.Min(last + 1, MaxLines), line => !line.IsWritten && Bare(line.Line) == First.Trim());
            for (var at = last; at >= (first < 0 ? last : first); at--)
                if (!lines[at].IsWritten)
                    lines.RemoveAt(at);
        }
        return string.Concat(lines.Select(line => line.Line));
    }

    private static string Bare(string line) => line.Trim().TrimStart('>', ' ').TrimEnd();
}
