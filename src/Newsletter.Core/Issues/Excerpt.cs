namespace Newsletter.Issues;

/// <summary>As much of a text as a message shows.</summary>
internal static class Excerpt
{
    /// <summary>At most <paramref name="most"/> signs, and no half of one that needs two UTF-16 units.</summary>
    public static string Of(string text, int most = 40)
    {
        if (text.Length <= most)
            return text;
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)].TrimEnd() + "…";
    }
}
