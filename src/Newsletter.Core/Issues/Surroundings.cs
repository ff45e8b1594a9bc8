using System.Collections.ObjectModel;

namespace Newsletter.Issues;

/// <summary>What stands around an issue in its publication's folder: whoever renders or checks an issue looks things up here and touches no disk.</summary>
/// <remarks>The same question has the same answer for as long as the object lives, but it may be answered late: a file is read when it is asked for.</remarks>
public sealed record Surroundings
{
    /// <summary>Nothing is known: for fragments, and for texts that stand nowhere.</summary>
    public static Surroundings None { get; } = new();

    /// <summary>The publication's issues by number, this one among them: what their front matter says.</summary>
    public IReadOnlyDictionary<int, IssueEntry> Issues { get; init; } = ReadOnlyDictionary<int, IssueEntry>.Empty;

    /// <summary>Every file of an issue with a number, those that share one as well.</summary>
    public Func<IReadOnlyList<IssueEntry>> Files { get; init; } = () => [];

    /// <summary>What is known of an image by its address as the author wrote it, absolute or relative to the issue; null: nothing.</summary>
    public Func<string, ImageFacts?> Image { get; init; } = _ => null;

    /// <summary>The Markdown of a snippet by its name; null: there is none, or the name is no name.</summary>
    public Func<string, MarkdownFile?> Snippet { get; init; } = _ => null;

    /// <summary>A list of things by its name, such as jobs; null: there is none, or the name is no name.</summary>
    public Func<string, DataList?> List { get; init; } = _ => null;
}
