namespace Newsletter.Storage;

/// <summary>Text that a person typed, inside a pattern of <c>like … escape '\'</c>.</summary>
internal static class Like
{
    /// <summary>The same signs and no others, in lower case.</summary>
    public static string Literal(string text) =>
        text.ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
