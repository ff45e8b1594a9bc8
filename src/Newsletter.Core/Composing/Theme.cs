using System.Reflection;
using System.Text;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>How letters and pages look: HTML and text with Liquid, and style sheets. A folder of five files; a missing one is that of the default.</summary>
/// <remarks>
/// Beside the names of docs/personal-values.md a theme knows <c>content</c>, <c>style</c>, <c>subject</c>, <c>preheader</c>, <c>heading</c>,
/// <c>header</c>, <c>show_title</c>, <c>description</c>, <c>canonical</c>, <c>lang</c>, <c>dir</c>, <c>publication.url</c>, <c>publication.postal_address</c>.
/// </remarks>
public sealed record Theme
{
    /// <summary>The files of a theme's folder.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["letter.html", "letter.css", "letter.txt", "page.html", "page.css"];

    /// <summary>The one that comes with the program.</summary>
    public static Theme Default { get; } = Of("default", Embedded)!;

    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

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
    public MarkdownOptions Markdown { get; init; } = MarkdownOptions.None;

    /// <summary>A theme of files.</summary>
    /// <param name="name">The folder's name.</param>
    /// <param name="read">Gives a file's text; null for one that is not there.</param>
    public static Theme Of(string name, Func<string, string?> read)
    {
        string File(string file) => (read(file) ?? Embedded(file))!.ReplaceLineEndings("\n");
        return new()
        {
            Name = name,
            Letter = File("letter.html"),
            LetterStyle = File("letter.css"),
            LetterText = File("letter.txt"),
            Page = File("page.html"),
            PageStyle = File("page.css"),
        };
    }

    private static string? Embedded(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Newsletter.Themes.default.{file}");
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
