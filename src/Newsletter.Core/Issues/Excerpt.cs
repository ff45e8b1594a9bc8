namespace Newsletter.Issues;

/// <summary>As much of a text as a message shows: a message is one line.</summary>
internal static class Excerpt
{
    /// <summary>At most <paramref name="most"/> signs, and no half of one that needs two UTF-16 units; a blank for the end of a line.</summary>
    public static string Of(string text, int most = 40)
    {
        if (text.Length <= most)
            return text.ReplaceLineEndings(" ");
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)].TrimEnd().ReplaceLineEndings(" ") + "…";
    }
}
