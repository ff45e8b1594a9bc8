using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>Puts snippets where they are asked for: a paragraph <c>[[snippet: name]]</c> becomes the Markdown of <c>snippets/name.md</c>.</summary>
/// <remarks>Each is read on its own, and its tree stands in the issue's as one block, so nothing of it (a fence, a tag, an if without end) reaches beyond it; problems in it are said at its use.</remarks>
internal sealed class Snippets(BodyScope scope, BodyProblems problems, Func<string, Func<int, int>, MarkdownDocument> parse)
{
    private const int MaxDepth = 5;
    private const int MaxUses = 100;
    private const int MaxSigns = IssueFile.MaxBytes;
    private readonly List<string> _open = [];
    private int _uses;
    private int _signs;

    public void Fill(ContainerBlock document)
    {
        foreach (var paragraph in document.Descendants<ParagraphBlock>().ToList())
            if (AskedFor(paragraph, FillIn.Snippet) is { } fillIn)
                Fill(paragraph, fillIn.Argument, problems.At(paragraph));
    }

    /// <summary>What a paragraph asks for that holds nothing else.</summary>
    public static FillIn? AskedFor(ParagraphBlock paragraph, string name)
    {
        var only = paragraph.Inline?.FirstChild as FillIn;
        return only?.Name == name && ReferenceEquals(only, paragraph.Inline!.LastChild) ? only : null;
    }

    private void Fill(ParagraphBlock paragraph, string name, Spot use)
    {
        var parent = paragraph.Parent!;
        var at = parent.IndexOf(paragraph);
        parent.RemoveAt(at);
        if (Text(name, use) is not { } text)
            return;

        var blocks = Read(name, text, use);
        _open.Add(name);
        Fill(blocks);
        _open.RemoveAt(_open.Count - 1);
        parent.Insert(at, blocks);
    }

    private string? Text(string name, Spot use)
    {
        if (_open.Contains(name))
            return Refuse(use, "snippet-cycle", $"snippet {name} holds itself: {string.Join(" → ", [.. _open.SkipWhile(open => open != name), name])}", "take it out of one of them");
        if (_open.Count == MaxDepth)
            return Refuse(use, "snippet-deep", $"snippet {name} stands in {MaxDepth} others, one inside the other", "use it in the issue itself");
        if (++_uses > MaxUses)
            return Refuse(use, "snippet-many", $"more than {MaxUses} snippets are used", "write some of them out");
        if (scope.Surroundings.Snippet(name) is not { } file)
            return Refuse(use, "snippet-unknown", $"there is no snippet {Excerpt.Of(name)}", "write it into a file snippets/NAME.md; a name has letters, digits, hyphens and underscores");
        if (file.Text.Length > MaxSigns - _signs)
            return Refuse(use, "snippet-many", $"the snippets in this issue have more than {MaxSigns:N0} signs, each counted as often as it is used", "use it less often, or shorten it");
        _signs += file.Text.Length;
        problems.AddAll(file.Problems, line => use.In($"snippets/{name}.md", line));
        return file.Text;
    }

    private MarkdownDocument Read(string name, string text, Spot use)
    {
        var found = new List<IssueProblem>();
        var pieces = LiquidChoices.Balanced(new LiquidScanner(scope.Placeholders.WithoutMark(text.ReplaceLineEndings("\n")), 1, 1, found).Scan(), found);
        problems.AddAll(found, line => use.In($"snippets/{name}.md", line));

        // Its tags speak of the place that uses it: a choice may turn out to be wrong only in the finished letter.
        var source = scope.Placeholders.Write(LiquidChoices.Decide([.. pieces.Select(piece => piece.Tag is { } tag ? piece with { Tag = tag with { Line = use.Line, Column = use.Column } } : piece)], scope.Constants));
        var first = problems.Borrow($"snippets/{name}.md", source.AsSpan().Count('\n') + 1, use);
        return parse(source, line => first + line);
    }

    private string? Refuse(Spot use, string code, string message, string hint)
    {
        problems.Add(use, Severity.Error, code, message, hint);
        return null;
    }

    /// <summary>What was read apart stands where it was asked for, block by block.</summary>
    public static void Open(ContainerBlock part)
    {
        for (var i = 0; i < part.Count; i++)
            while (i < part.Count && part[i] is MarkdownDocument apart)
            {
                part.RemoveAt(i);
                var at = i;
                foreach (var block in apart.ToList())
                {
                    apart.Remove(block);
                    part.Insert(at++, block);
                }
            }
    }
}
