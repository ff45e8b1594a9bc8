namespace Newsletter.Issues;

/// <summary>Markdown of another file that issues use: a snippet, or the form of a list.</summary>
/// <param name="Text">With LF at line ends; empty where the file can be no text.</param>
/// <param name="Problems">What is wrong with the file, in its own lines.</param>
public sealed record MarkdownFile(string Text, IReadOnlyList<IssueProblem> Problems)
{
    /// <summary>Reads a file, as strictly as an issue. Never throws; an empty one is an empty text.</summary>
    /// <param name="bytes">UTF-8, with or without byte order mark.</param>
    public static MarkdownFile Read(ReadOnlySpan<byte> bytes)
    {
        var problems = new List<IssueProblem>();
        return new(bytes.Trim(" \t\r\n"u8).IsEmpty ? "" : IssueText.Read(bytes, problems) ?? "", problems);
    }
}
