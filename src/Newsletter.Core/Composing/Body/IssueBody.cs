using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>An issue's Markdown as a tree for one medium, its HTML repaired.</summary>
internal static class IssueBody
{
    public static MarkdownDocument Read(string text, IReadOnlyList<int> lines, BodyScope scope, Pictures pictures, ICollection<IssueProblem> into)
    {
        var (problems, growth) = (new BodyProblems(lines, into), new Growth());
        var document = Parsed(text, scope.Options, problems, growth);
        new Snippets(scope, problems, ReadApart).Fill(document);
        new Lists(scope, problems, ReadApart).Fill(document);
        Loosen(document);
        if (document.Descendants<LeafBlock>().Any(block => Nesting.Of(block) > Nesting.Most))
            document = Refused(text, problems); // only snippets in snippets come so deep
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
        MarkdownDocument ReadApart(string source, Func<int, int> lineOf) => Parsed(source, scope.Options with { Footnotes = false }, problems, growth, lineOf);
    }

    /// <summary>The tree as it was written: parts for all media, HTML not repaired, nothing said. For the linter.</summary>
    public static MarkdownDocument AsWritten(string text, MarkdownOptions options) => Parsed(text, options, new BodyProblems([], []), new Growth());

    private static MarkdownDocument Parsed(string text, MarkdownOptions options, BodyProblems problems, Growth growth, Func<int, int>? lineOf = null)
    {
        lineOf ??= line => line;
        MarkdownDocument? document = null;
        growth.Begin(text);
        try { document = Markdig.Markdown.Parse(text, MarkdownPipelines.Of(options), growth); }
        catch (ArgumentException) { } // Markdig's bound on nesting
        if (document is null || Nesting.OfBlocks(document) > Nesting.Most)
            return Refused(text, problems, lineOf(0));

        foreach (var node in document.Descendants())
            node.Line = lineOf(node.Line);
        foreach (var block in document.Descendants<LeafBlock>().ToList())
            if (BoundedMarks.IsRefused(block))
                Refuse(block, block.Lines, $"more than {BoundedMarks.Most:N0} marks of Markdown in one paragraph", problems);
            else if (Nesting.Of(block) > Nesting.Most)
                Refuse(block, new(text[Math.Max(0, block.Span.Start)..Math.Min(text.Length, block.Span.End + 1)]), "emphasis or links are nested too deeply", problems);
        foreach (var line in growth.Tables)
            problems.Add(problems.At(new ParagraphBlock { Line = lineOf(line) }), Severity.Error, "markdown-hostile", "the tables of this issue have too many cells: the rest of this one is shown as text", "make a smaller table of what readers need");
        foreach (var target in growth.LeftOut)
            problems.Add(problems.At(target), Severity.Error, "markdown-hostile", $"the target of [{Excerpt.Of(target.Label ?? "")}] is too long for as often as it may be used, and is left out", "shorten it");
        return Settled(document);
    }

    // What was filled in may have made two paragraphs of an item's one line, and where a list is tight nothing parts them.
    private static void Loosen(MarkdownDocument document)
    {
        foreach (var list in document.Descendants<ListBlock>())
            list.IsLoose |= list.OfType<ListItemBlock>().Any(item => Paragraphs(item) > 1);
    }

    private static int Paragraphs(ContainerBlock container) => container.Sum(block => block is ParagraphBlock ? 1 : block is MarkdownDocument apart ? Paragraphs(apart) : 0);

    // The bar of a table cuts a link off, or a name leads nowhere (`[words][name]`): Markdig leaves the bracket as a mark that only its own writer of HTML knows.
    private static MarkdownDocument Settled(MarkdownDocument document)
    {
        foreach (var mark in document.Descendants<DelimiterInline>().ToList())
            mark.ReplaceBy(new LiteralInline(mark.ToLiteral()) { Span = mark.Span, Line = mark.Line, Column = mark.Column });
        return document;
    }

    private static MarkdownDocument Refused(string text, BodyProblems problems, int line = 0)
    {
        var document = new MarkdownDocument { AsCode(new(text), line) };
        Report(document[0], "lists, quotations or brackets are nested too deeply", problems);
        return document;
    }

    private static void Refuse(LeafBlock block, StringLineGroup lines, string message, BodyProblems problems)
    {
        var first = block is HeadingBlock { IsSetext: true } underlined ? block.Line - underlined.Lines.Count : block.Line; // Markdig has the line below it
        var (parent, code) = (block.Parent!, AsCode(lines, first));
        parent[parent.IndexOf(block)] = code;
        Report(code, message, problems);
    }

    private static CodeBlock AsCode(StringLineGroup lines, int line) => new(new IndentedCodeBlockParser()) { Lines = lines, Line = line };

    private static void Report(Block block, string message, BodyProblems problems) =>
        problems.Add(problems.At(block), Severity.Error, "markdown-hostile", $"{message}: the text is shown as it stands", "break it into paragraphs with blank lines");
}
