using Newsletter.Subscribers;

namespace Newsletter.Replies;

/// <summary>What the editor calls a conversation by: one line, not too long to stand beside others.</summary>
public static class ThreadTag
{
    /// <summary>The longest tag, in UTF-16 units.</summary>
    public const int Longest = 40;

    /// <summary>Why there can be no other.</summary>
    public static string Rule { get; } = $"a tag has 1 to {Longest} letters";

    /// <summary>The tag; null where the text is none.</summary>
    public static string? Read(string text) => PersonalText.OneLine(text, Longest + 1) is { Length: > 0 and <= Longest } tag ? tag : null;
}
