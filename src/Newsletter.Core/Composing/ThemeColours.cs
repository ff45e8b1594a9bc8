namespace Newsletter.Composing;

/// <summary>A theme's colours in light or dark, each as <c>#rrggbb</c> in lower case.</summary>
public sealed record ThemeColours
{
    /// <summary>Around the letter: masthead and footer stand on it.</summary>
    public required string Ground { get; init; }

    /// <summary>Below the text.</summary>
    public required string Paper { get; init; }

    /// <summary>The text; on <see cref="Paper"/> and on <see cref="Soft"/>.</summary>
    public required string Text { get; init; }

    /// <summary>What is said in passing: subtitle, quotations, footer; on <see cref="Ground"/> and <see cref="Paper"/>.</summary>
    public required string Quiet { get; init; }

    /// <summary>Rules and the borders of tables.</summary>
    public required string Line { get; init; }

    /// <summary>Below code.</summary>
    public required string Soft { get; init; }

    /// <summary>Links, and below the words of buttons.</summary>
    public required string Accent { get; init; }

    /// <summary>The words of buttons; on <see cref="Accent"/>.</summary>
    public required string OnAccent { get; init; }
}
