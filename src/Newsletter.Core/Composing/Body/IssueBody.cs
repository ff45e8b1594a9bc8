using System.Buffers;
using Markdig;
using Markdig.Extensions.CustomContainers;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>An issue's Markdown as a tree for one medium, its HTML repaired.</summary>
/// <remarks>
/// CommonMark with pipe tables, <c>~~</c>, bare addresses as links and GitHub's heading ids; no other extension, for each of the others changes the
/// meaning of something that real issues hold (<c>C++20 ... C++17</c>, <c>[X]</c>, <c>std::sort</c>, <c>$250k</c>).
/// </remarks>
internal static class IssueBody
{
    // Markdown's inline rules take time in the square of the marks in one paragraph; no real paragraph comes near.
    private const int MaxMarks = 4000;

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]<`|!&");
    private static readonly MarkdownPipeline Pipeline = Build();

    public static MarkdownDocument Read(string text, IReadOnlyList<int> lines, string medium, Pictures pictures, ICollection<IssueProblem> into)
    {
        var problems = new BodyProblems(lines, into);
        var document = Parsed(text, problems);
        KeepMedium(document, medium, problems);
        new HtmlRepair(problems, pictures).Run(document);
        return document;
    }

    public static string ToHtml(MarkdownDocument document)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return writer.ToString();
    }

    private static MarkdownPipeline Build()
    {
        var builder = new MarkdownPipelineBuilder()
            .UsePipeTables(new PipeTableOptions { RequireHeaderSeparator = true, UseGfmRules = true })
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseAutoLinks()
            .UsePreciseSourceLocation();
        builder.Extensions.Add(new MediumExtension());
        return builder.Build();
    }

    private static MarkdownDocument Parsed(string text, BodyProblems problems)
    {
        if (OverMarked(text) is { } line)
            return Refused(text, line, $"more than {MaxMarks:N0} marks of Markdown in one paragraph");
        try { return Markdig.Markdown.Parse(text, Pipeline); }
        catch (ArgumentException) { return Refused(text, 0, "lists, quotations or brackets are nested too deeply"); } // Markdig's bound on nesting

        MarkdownDocument Refused(string source, int at, string message)
        {
            var document = new MarkdownDocument { new CodeBlock(new IndentedCodeBlockParser()) { Lines = new(source), Line = at } };
            problems.Add(problems.At(document[0]), Severity.Error, "markdown-hostile", $"{message}: the text is shown as it stands", "break it into paragraphs with blank lines");
            return document;
        }
    }

    /// <summary>The line, from 0, of the first paragraph with too many marks; null where there is none.</summary>
    private static int? OverMarked(string text)
    {
        var (marks, line) = (0, 0);
        foreach (var row in text.AsSpan().EnumerateLines())
        {
            marks = row.IsWhiteSpace() ? 0 : marks + Count(row);
            if (marks > MaxMarks)
                return line;
            line++;
        }
        return null;
    }

    private static int Count(ReadOnlySpan<char> row)
    {
        var count = 0;
        for (var at = row.IndexOfAny(Marks); at >= 0; at = row.IndexOfAny(Marks))
        {
            count++;
            row = row[(at + 1)..];
        }
        return count;
    }

    private static void KeepMedium(MarkdownDocument document, string medium, BodyProblems problems)
    {
        foreach (var part in document.Descendants<CustomContainer>().ToList())
        {
            if (part.ClosingFencedCharCount == 0)
                problems.Add(problems.At(part), Severity.Error, "medium-open", $"`::: {part.Info}` has no end", "write a line `:::` behind the part");
            if (part.Info != medium)
                part.Parent?.Remove(part);
        }
        foreach (var stray in document.Descendants<ParagraphBlock>().Where(p => p.Inline?.FirstChild?.ToString()?.StartsWith(":::", StringComparison.Ordinal) == true))
            problems.Add(problems.At(stray), Severity.Warning, "medium-unknown", "this `:::` is no part for mail or web and stays visible", "write `::: mail` or `::: web`, and `:::` at its end");
    }
}
