using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>What is known while an issue's Markdown is read for one medium.</summary>
internal sealed record BodyScope
{
    /// <summary><c>mail</c> or <c>web</c>.</summary>
    public required string Medium { get; init; }

    /// <summary>The issue's page; issues stand beside each other.</summary>
    public required Uri PageUrl { get; init; }

    /// <summary>What Markdown understands.</summary>
    public MarkdownOptions Options { get; init; } = MarkdownOptions.None;

    /// <summary>The language, for its quotation marks.</summary>
    public string Lang { get; init; } = "en";

    /// <summary>The issue's own number; null where it has none.</summary>
    public int? Number { get; init; }

    /// <summary>The issue's date, which decides what a list shows; null where it has none.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Other issues, snippets and lists.</summary>
    public Surroundings Surroundings { get; init; } = Surroundings.None;

    /// <summary>Takes the tags of snippets and of the forms of lists.</summary>
    public Placeholders Placeholders { get; init; } = new();

    /// <summary>What decides their choices.</summary>
    public Constants Constants { get; init; } = Constants.None;

    /// <summary>Whether it is the letter that is made.</summary>
    public bool IsMail => Medium == "mail";
}
