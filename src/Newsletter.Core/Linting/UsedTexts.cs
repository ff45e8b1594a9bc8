using Markdig.Syntax;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>A text of another file that an issue uses: a snippet, the form of a list, or the addresses of a list's items, each in a line of its own.</summary>
/// <param name="File">Its name, such as <c>snippets/about.md</c>.</param>
/// <param name="Text">Markdown.</param>
/// <param name="Offset">Of its first use in the issue's body.</param>
internal sealed record UsedText(string File, string Text, int Offset)
{
    /// <summary>The file's line for each line of the text; empty where they are the same.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];

    /// <summary>What stands before a message about a line of the text.</summary>
    public string Within(int line) => $"{File}:{(Lines.Count == 0 ? line : Lines[Math.Clamp(line - 1, 0, Lines.Count - 1)])}: ";
}

/// <summary>Finds what an issue uses of other files: each text once, where it is used first.</summary>
internal sealed class UsedTexts
{
    private const int MaxTexts = 200;
    private const int MaxDepth = 5; // as rendering has it

    private readonly Issue _issue;
    private readonly MarkdownOptions _options;
    private readonly Surroundings _surroundings;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<UsedText> _found = [];

    private UsedTexts(Issue issue, MarkdownOptions options, Surroundings surroundings) => (_issue, _options, _surroundings) = (issue, options with { Footnotes = false }, surroundings);

    /// <param name="issue">Its date decides what lists show.</param>
    /// <param name="tree">Its Markdown as it was written.</param>
    /// <param name="options">With which it was read.</param>
    /// <param name="surroundings">Where the texts are.</param>
    public static IReadOnlyList<UsedText> Of(Issue issue, MarkdownDocument tree, MarkdownOptions options, Surroundings surroundings)
    {
        var texts = new UsedTexts(issue, options, surroundings);
        texts.Look(tree, depth: 0, offset: null);
        return texts._found;
    }

    private void Look(MarkdownDocument tree, int depth, int? offset)
    {
        foreach (var paragraph in tree.Descendants<ParagraphBlock>())
        {
            var use = offset ?? Math.Max(0, paragraph.Span.Start);
            if (Snippets.AskedFor(paragraph, FillIn.Snippet) is { } snippet && depth < MaxDepth)
                Snippet(snippet.Argument, depth, use);
            else if (Snippets.AskedFor(paragraph, FillIn.List) is { } list && ListAsk.Read(list.Argument) is { } ask && _surroundings.List(ask.Name) is { } items)
                List(items, ask, use);
        }
    }

    private void Snippet(string name, int depth, int offset)
    {
        var file = $"snippets/{name}.md";
        if (_found.Count >= MaxTexts || !_seen.Add(file) || _surroundings.Snippet(name)?.Text is not { } text)
            return;

        _found.Add(new(file, text, offset));
        Look(IssueBody.AsWritten(Masked.Of(text), _options), depth + 1, offset);
    }

    private void List(DataList list, ListAsk ask, int offset)
    {
        if (list.Form is { } form && _seen.Add(list.FormName))
            _found.Add(new(list.FormName, form, offset));

        var addresses = ask.Choose(list.Items, (_issue.Date, _issue.Number), _surroundings)
            .SelectMany(item => item.Values.Where(value => IsShown(list, value.Key) && IsAddress(value.Value)).Select(value => (item.Line, Address: value.Value.Trim())))
            .Where(use => _seen.Add($"{list.FileName} {use.Line} {use.Address}")).ToList();
        if (addresses.Count > 0)
            _found.Add(new(list.FileName, string.Concat(addresses.Select(use => $"<{use.Address}>\n\n")), offset) { Lines = [.. addresses.SelectMany(use => new[] { use.Line, use.Line })] });
    }

    private static bool IsShown(DataList list, string key) => (list.Form ?? ItemForm.Default).Contains($"item.{key}", StringComparison.Ordinal);

    private static bool IsAddress(string value) => Uri.TryCreate(value.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && value.AsSpan().Trim().IndexOfAny(" \t\n<>") < 0;
}
