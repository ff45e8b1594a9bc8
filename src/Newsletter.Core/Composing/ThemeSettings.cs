using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>What a theme's files leave open: <c>theme.yaml</c> in its folder (docs/themes.md). Files use them as <c>{{ theme.accent }}</c>.</summary>
/// <remarks>Each value is checked when it is read and holds nothing that could end a declaration, an attribute or a comment: files may put it anywhere.</remarks>
public sealed record ThemeSettings
{
    /// <summary>Pixels across the whole letter, at most: 400 to 700. A phone shows it narrower.</summary>
    public int Width { get; init; } = 600;

    /// <summary>Pixels left and right of the text, 0 to 80.</summary>
    public int Margin { get; init; } = 24;

    /// <summary>Pixels across the text and its images.</summary>
    public int ContentWidth => Width - 2 * Margin;

    /// <summary>Whether letter and page show the issue's hero image, unless the text shows it anyway.</summary>
    public bool ShowHero { get; init; } = true;

    /// <summary>Whether links have the accent's colour; else the text's. They are underlined in any case.</summary>
    public bool ColouredLinks { get; init; } = true;

    /// <summary>Whether the plain text's links have numbers, in issues that do not say so themselves; else their addresses stand behind their words.</summary>
    public bool NumbersLinks { get; init; }

    /// <summary>The families of the text: the last one is <c>serif</c>, <c>sans-serif</c> or <c>monospace</c>.</summary>
    public string Font { get; init; } = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

    /// <summary>The families of title and headings; empty: as the text.</summary>
    public string HeadingFont { get; init; } = "";

    /// <summary>The families of code.</summary>
    public string CodeFont { get; init; } = "Consolas,Menlo,'Liberation Mono',monospace";

    /// <summary>By day.</summary>
    public ThemeColours Light { get; init; } = new()
    {
        Ground = "#f3f4f6", Paper = "#ffffff", Text = "#1f2328", Quiet = "#57606a", Line = "#d5dae0", Soft = "#f3f4f6", Accent = "#0b57d0", OnAccent = "#ffffff",
    };

    /// <summary>For readers who have set their device to dark.</summary>
    public ThemeColours Dark { get; init; } = new()
    {
        Ground = "#14171a", Paper = "#1d2125", Text = "#e6e8ea", Quiet = "#b1bac4", Line = "#3d444d", Soft = "#2a2f36", Accent = "#8ab4f8", OnAccent = "#10151b",
    };

    /// <summary>Sentences around the issue; an empty one is the program's, in the issue's language.</summary>
    public ThemeWords Words { get; init; } = new();

    /// <summary>What Markdown understands in issues that do not say so themselves.</summary>
    public MarkdownOptions Markdown { get; init; } = MarkdownOptions.None;
}
