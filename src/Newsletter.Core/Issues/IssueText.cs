using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Newsletter.Issues;

/// <summary>From octets to text: UTF-8 or nothing, line ends as LF, no control characters.</summary>
internal static class IssueText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Null where the octets can be no issue; the problem says where.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes, ICollection<IssueProblem> problems)
    {
        if (bytes.Length > IssueFile.MaxBytes)
            return Refuse(problems, IssueFile.TooLong(bytes.Length));
        if (bytes.StartsWith(ByteOrderMark))
            bytes = bytes[ByteOrderMark.Length..];
        if (bytes.Trim(" \t\r\n"u8).IsEmpty)
            return Refuse(problems, new(1, 1, Severity.Error, "file-empty", "the file is empty", "write front matter and text, or delete the file"));
        if ((NotUtf8(bytes) ?? NulIn(bytes)) is { } problem)
            return Refuse(problems, problem);

        return WithoutControls(Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'), problems);
    }

    private static string? Refuse(ICollection<IssueProblem> problems, IssueProblem problem)
    {
        problems.Add(problem);
        return null;
    }

    private static IssueProblem? NotUtf8(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[bytes.Length];
        if (Utf8.ToUtf16(bytes, chars, out var read, out _, replaceInvalidSequences: false) == OperationStatus.Done)
            return null;

        var (line, column) = Position(bytes[..read]);
        var looksWide = bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        return new(line, column, Severity.Error, "file-encoding", $"the file is not UTF-8: octet 0x{bytes[read]:X2} at offset {read}{(looksWide ? " (it looks like UTF-16)" : "")}", "save it as UTF-8");
    }

    private static IssueProblem? NulIn(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf((byte)0);
        if (at < 0)
            return null;

        var (line, column) = Position(bytes[..at]);
        return new(line, column, Severity.Error, "file-nul", $"the file holds a NUL octet at offset {at}", "it is no text file, or it was damaged: save it again as UTF-8");
    }

    private static (int Line, int Column) Position(ReadOnlySpan<byte> before) =>
        (1 + before.Count((byte)'\n'), 1 + Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]));

    // HTML knows no control characters and no noncharacters (HTML Standard §13.2.3.5): they become blanks, and the first one is named.
    private static string WithoutControls(string text, ICollection<IssueProblem> problems)
    {
        if (!text.AsSpan().ContainsAny(Suspects))
            return text;

        var clean = new StringBuilder(text.Length);
        var (line, column) = (1, 1);
        var isFirst = true;
        foreach (var rune in text.EnumerateRunes())
        {
            var isBad = rune.Value is not ('\n' or '\t') && Rune.IsControl(rune) || rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE;
            if (isBad && isFirst)
                problems.Add(new(line, column, Severity.Warning, "control-character", $"the control character U+{rune.Value:X4} is left out", "delete it; it often comes with text pasted from elsewhere"));
            isFirst &= !isBad;
            clean.Append(isBad ? " " : rune.ToString());
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + rune.Utf16SequenceLength);
        }
        return clean.ToString();
    }

    // All characters that may be bad: the BMP ones, and any surrogate, behind which a noncharacter of another plane may stand.
    private static readonly SearchValues<char> Suspects = SearchValues.Create(string.Concat(
        Enumerable.Range(0, 0xFFFF + 1).Select(i => (char)i)
            .Where(c => char.IsControl(c) && c is not ('\n' or '\t') || char.IsSurrogate(c) || c is >= '\uFDD0' and <= '\uFDEF' || c >= '\uFFFE')));
}
