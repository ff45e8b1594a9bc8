namespace Newsletter.Issues;

/// <summary>What Markdown understands beyond the basis (CommonMark, pipe tables, <c>~~</c>, bare addresses as links): a setting of an issue or of its theme.</summary>
/// <remarks>All off by default: each of them changes the meaning of something that real issues hold.</remarks>
public sealed record MarkdownOptions
{
    /// <summary>The basis alone.</summary>
    public static MarkdownOptions None { get; } = new();

    /// <summary>The names that front matter and themes may list.</summary>
    public static IReadOnlyList<string> Names { get; } = ["footnotes", "attributes", "smart-punctuation", "emoji"];

    /// <summary><c>footnotes</c>: <c>[^name]</c> in the text, and <c>[^name]: words</c> on a line of its own.</summary>
    public bool Footnotes { get; init; }

    /// <summary><c>attributes</c>: <c>{#id .class width=320}</c> behind a heading, link, image or paragraph.</summary>
    public bool Attributes { get; init; }

    /// <summary><c>smart-punctuation</c>: curly quotes, dashes of two and three hyphens, an ellipsis of three dots.</summary>
    public bool SmartPunctuation { get; init; }

    /// <summary><c>emoji</c>: <c>:tada:</c> and the like. No smileys: <c>std::sort</c> stays.</summary>
    public bool Emoji { get; init; }

    /// <summary>The options that a list of names switches on.</summary>
    /// <param name="names">As front matter or a theme lists them.</param>
    /// <param name="unknown">Called with each name that is none of <see cref="Names"/>.</param>
    public static MarkdownOptions Of(IEnumerable<string> names, Action<string> unknown)
    {
        var options = None;
        foreach (var name in names)
            options = options.With(name) is { } more ? more : Unknown(options, name);
        return options;

        MarkdownOptions Unknown(MarkdownOptions sofar, string name)
        {
            unknown(name);
            return sofar;
        }
    }

    private MarkdownOptions? With(string name) => name switch
    {
        "footnotes" => this with { Footnotes = true },
        "attributes" => this with { Attributes = true },
        "smart-punctuation" => this with { SmartPunctuation = true },
        "emoji" => this with { Emoji = true },
        _ => null,
    };
}
