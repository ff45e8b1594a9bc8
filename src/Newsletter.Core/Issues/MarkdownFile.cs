using System.Globalization;

namespace Newsletter.Issues;

/// <summary>Markdown of another file that issues use: a snippet, or the form of a list.</summary>
/// <param name="Text">With LF at line ends; empty where the file can be no text.</param>
/// <param name="Problems">What is wrong with the file, in its own lines.</param>
public sealed record MarkdownFile(string Text, IReadOnlyList<IssueProblem> Problems)
{
    /// <summary>More is no snippet.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Reads a file, as strictly as an issue. Never throws; an empty one is an empty text.</summary>
    /// <param name="bytes">UTF-8, with or without byte order mark.</param>
    public static MarkdownFile Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            return new("", [new(1, 1, Severity.Error, "file-large", string.Create(CultureInfo.InvariantCulture, $"the file has more than {MaxBytes:N0} octets"), "write into it what several issues share, and the rest into the issue")]);

        var problems = new List<IssueProblem>();
        return new(bytes.Trim("\uFEFF \t\r\n"u8).IsEmpty ? "" : IssueText.Read(bytes, problems) ?? "", problems);
    }
}
