namespace Newsletter.Classifying;

/// <summary>Cuts a text into lines, bounded: nobody writes a report of more.</summary>
internal static class TextLines
{
    private const int MaxLines = 2_000;
    private const int MaxLength = 2_000;
    private const int MaxText = 200_000;

    /// <summary>At most 2,000 lines of 2,000 characters; what is beyond is cut off.</summary>
    public static List<string> Of(string text)
    {
        var lines = new List<string>();
        foreach (var range in text.AsSpan(0, Math.Min(text.Length, MaxText)).Split('\n'))
        {
            if (lines.Count == MaxLines)
                break;
            var line = text.AsSpan()[range].TrimEnd();
            lines.Add(line[..Math.Min(line.Length, MaxLength)].ToString());
        }
        return lines;
    }
}
