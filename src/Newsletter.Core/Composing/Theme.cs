using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>How letters and pages look: HTML and text with Liquid, style sheets, and settings. A folder of up to six files; a missing one is that of its base.</summary>
/// <remarks>What the files may hold: docs/themes.md.</remarks>
public sealed record Theme
{
    private const string SettingsFile = "theme.yaml";

    /// <summary>The files of a theme's folder.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [SettingsFile, "letter.html", "letter.css", "letter.txt", "page.html", "page.css"];

    /// <summary>The themes that come with the program.</summary>
    public static IReadOnlyList<string> Names { get; } = ["default", "essay"];

    /// <summary>The one that an issue has if it says nothing.</summary>
    public static Theme Default { get; } = Of("default", _ => null);

    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>theme.yaml</c>, over the settings of the base.</summary>
    public ThemeSettings Settings { get; init; } = new();

    /// <summary><c>letter.html</c>: the whole document of the letter.</summary>
    public required string Letter { get; init; }

    /// <summary><c>letter.css</c>: inlined into it.</summary>
    public required string LetterStyle { get; init; }

    /// <summary><c>letter.txt</c>: what stands around the plain text.</summary>
    public required string LetterText { get; init; }

    /// <summary><c>page.html</c>: the archive's page of an issue.</summary>
    public required string Page { get; init; }

    /// <summary><c>page.css</c>.</summary>
    public required string PageStyle { get; init; }

    /// <summary>What Markdown understands in issues that do not say so themselves.</summary>
    public MarkdownOptions Markdown => Settings.Markdown;

    /// <summary>What is wrong with the settings; an issue of this theme is not sent.</summary>
    public IReadOnlyList<IssueProblem> Problems { get; init; } = [];

    /// <summary>A theme that comes with the program; null for any other name.</summary>
    public static Theme? Find(string name) => Names.Contains(name) ? Of(name, _ => null) : null;

    /// <summary>A theme of files. Its base, a theme that comes with the program, is the one named in <c>theme.yaml</c>, else the one of its own name, else the default.</summary>
    /// <param name="name">The folder's name.</param>
    /// <param name="read">Gives a file's text; null for one that is not there.</param>
    public static Theme Of(string name, Func<string, string?> read)
    {
        var own = ThemeFile.Read(read(SettingsFile)?.ReplaceLineEndings("\n"));
        var basis = own.Base(Names) ?? (Names.Contains(name) ? name : Names[0]);
        string File(string file) => (read(file) ?? Embedded(basis, file) ?? Embedded(Names[0], file))!.ReplaceLineEndings("\n");
        return new()
        {
            Name = name,
            Settings = own.Settings(ThemeFile.Read(Embedded(basis, SettingsFile)).Settings(new())),
            Letter = File("letter.html"),
            LetterStyle = File("letter.css"),
            LetterText = File("letter.txt"),
            Page = File("page.html"),
            PageStyle = File("page.css"),
            Problems = own.Problems,
        };
    }

    private static string? Embedded(string name, string file) => EmbeddedText.Find($"Themes.{name}.{file}");
}
