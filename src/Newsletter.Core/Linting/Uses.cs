using Newsletter.Composing.Body;

namespace Newsletter.Linting;

/// <summary>A link as it is used in an issue.</summary>
/// <param name="Target">As written, entities decoded; may hold <see cref="Masked.Value"/>.</param>
/// <param name="Text">What a reader sees of it; <see cref="Passage.Thing"/> for code and images.</param>
/// <param name="Offset">Of the link in the body.</param>
/// <param name="TargetOffset">Of its target.</param>
internal sealed record Link(string Target, string Text, int Offset, int TargetOffset)
{
    /// <summary>Where it stands.</summary>
    public required Passage In { get; init; }

    /// <summary>Of its words in <see cref="Passage.Text"/>.</summary>
    public int Start { get; init; }

    /// <summary>Behind them.</summary>
    public int End { get; init; }

    /// <summary>Whether it is an address that shows itself: <c>&lt;https://…&gt;</c> or a bare one.</summary>
    public bool IsBare { get; init; }

    /// <summary>Whether one of a reader's values is part of the target.</summary>
    public bool IsPersonal => Target.Any(Masked.IsTag);

    /// <summary>Text without blanks, and signs that nobody sees, around it.</summary>
    public string Words => Text.Trim([' ', '\n', '\t', '\u00A0', '\u00AD', '\u200B', '\u2060', '\uFEFF']);

    /// <summary>The target where it is an absolute web address; else null.</summary>
    public Uri? Web { get; } = Uri.TryCreate(Target.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
}

/// <summary>An image as it is used in an issue.</summary>
/// <param name="Source">Its address as written.</param>
/// <param name="Alt">Null: none was given (in HTML).</param>
/// <param name="Offset">In the body.</param>
/// <param name="IsRaw">Written as HTML, where an empty alt says that it is an ornament.</param>
/// <param name="IsLinked">Whether it stands in a link.</param>
internal sealed record Picture(string Source, string? Alt, int Offset, bool IsRaw, bool IsLinked);

/// <summary>A heading of the body.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Words">What a reader sees.</param>
/// <param name="Offset">In the body.</param>
/// <param name="Underlined">Written with a line of <c>-</c> or <c>=</c> below it.</param>
internal sealed record Heading(int Level, string Words, int Offset, char? Underlined);

/// <summary>A tag of the author's own HTML.</summary>
internal sealed record TagUse(RawTag Tag, int Offset);
