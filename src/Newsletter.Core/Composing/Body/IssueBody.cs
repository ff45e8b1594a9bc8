using System.Buffers;
using Markdig.Extensions.Tables;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>An issue's Markdown as a tree for one medium, its HTML repaired.</summary>
internal static class IssueBody
{
    // Markdown's inline rules take time in the square of the marks in one paragraph; no real paragraph comes near.
    private const int MaxMarks = 4000;

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]<`|!&");

    public static MarkdownDocument Read(string text, IReadOnlyList<int> lines, BodyScope scope, Pictures pictures, ICollection<IssueProblem> into)
    {
        var problems = new BodyProblems(lines, into);
        var document = Parsed(text, scope.Options, problems);
        new Snippets(scope, problems, ReadApart).Fill(document);
        new Lists(scope, problems, ReadApart).Fill(document);
        Containers.Keep(document, scope.Medium, problems);
        Notes.Settle(document);
        if (scope.Options.Attributes)
            AttributeList.Attach(document, problems);
        if (scope.Options.SmartPunctuation)
            SmartPunctuation.Set(document, scope.Lang);
        ContentsList.Fill(document, scope, problems);
        FillIn.LeaveStray(document, problems);
        Forms.Shape(document, problems);
        new HtmlRepair(problems, pictures, new IssueLinks(scope, problems)).Run(document);
        return document;

        // Notes stand at the end of the whole text, so what is read on its own has none.
        MarkdownDocument ReadApart(string source) => Parsed(source, scope.Options with { Footnotes = false }, problems);
    }

    /// <summary>The tree as it was written: parts for all media, HTML not repaired, nothing said. For the linter.</summary>
    public static MarkdownDocument AsWritten(string text, MarkdownOptions options) => Parsed(text, options, new BodyProblems([], []));

    private static MarkdownDocument Parsed(string text, MarkdownOptions options, BodyProblems problems)
    {
        if (OverMarked(text) is { } line)
            return Refused(text, line, $"more than {MaxMarks:N0} marks of Markdown in one paragraph");
        try { return Settled(Markdig.Markdown.Parse(text, MarkdownPipelines.Of(options))); }
        catch (ArgumentException) { return Refused(text, 0, "lists, quotations or brackets are nested too deeply"); } // Markdig's bound on nesting

        MarkdownDocument Refused(string source, int at, string message)
        {
            var document = new MarkdownDocument { new CodeBlock(new IndentedCodeBlockParser()) { Lines = new(source), Line = at } };
            problems.Add(problems.At(document[0]), Severity.Error, "markdown-hostile", $"{message}: the text is shown as it stands", "break it into paragraphs with blank lines");
            return document;
        }
    }

    // The bar of a table cuts a link off, and Markdig leaves its bracket as a mark that only its own writer of HTML knows.
    private static MarkdownDocument Settled(MarkdownDocument document)
    {
        foreach (var mark in document.Descendants<Table>().SelectMany(table => table.Descendants<DelimiterInline>()).ToList())
            mark.ReplaceBy(new LiteralInline(mark.ToLiteral()) { Span = mark.Span, Line = mark.Line, Column = mark.Column });
        return document;
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
}
