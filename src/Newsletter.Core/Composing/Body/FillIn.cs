using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>What stands in two pairs of brackets is filled in: <c>[[contents]]</c>, <c>[[snippet: name]]</c>, <c>[[list: name]]</c>, <c>[[count: name]]</c>. <c>[[#149]]</c> is a link to issue 149.</summary>
internal sealed class FillIn : LeafInline
{
    public const string Contents = "contents";
    public const string Snippet = "snippet";
    public const string List = "list";
    public const string Count = "count";

    /// <summary>What is asked for.</summary>
    public required string Name { get; init; }

    /// <summary>What stands behind the colon; may be empty.</summary>
    public required string Argument { get; init; }

    /// <summary>As it was written.</summary>
    public required string Source { get; init; }

    /// <summary>One that does not stand alone, or in a place where nothing can be filled in, stays as text.</summary>
    public static void LeaveStray(MarkdownDocument document, BodyProblems problems)
    {
        foreach (var stray in document.Descendants<FillIn>().ToList())
        {
            problems.Add(problems.At(stray), Severity.Warning, "fill-in-inside", $"`{stray.Source}` stands in a line of text and stays as it is", "put it on a line of its own, with blank lines around it");
            stray.ReplaceBy(new LiteralInline(stray.Source) { Line = stray.Line, Column = stray.Column });
        }
    }

    /// <summary>Reads them. Other brackets in brackets stay what Markdown makes of them.</summary>
    internal sealed class Parser : InlineParser
    {
        private const int Longest = 240;

        public Parser() => OpeningCharacters = ['['];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            if (slice.PeekChar() != '[')
                return false;

            var text = slice.AsSpan();
            var end = text[..Math.Min(text.Length, Longest)].IndexOf("]]");
            // `[[words]](address)` is a link whose words stand in brackets.
            if (end < 0 || end + 2 < text.Length && text[end + 2] is '(' or '[' or ']')
                return false;
            if (Read(text[2..end].ToString()) is not { } inline)
                return false;

            inline.Span = new(processor.GetSourcePosition(slice.Start, out var line, out var column), processor.GetSourcePosition(slice.Start + end + 1));
            (inline.Line, inline.Column) = (line, column);
            processor.Inline = inline;
            slice.Start += end + 2;
            return true;
        }

        private static Inline? Read(string inner)
        {
            var colon = inner.IndexOf(':', StringComparison.Ordinal);
            var (name, argument) = colon < 0 ? (inner.Trim(), "") : (inner[..colon].Trim(), inner[(colon + 1)..].Trim());
            if (name is ['#', .. var number] && number.Length is > 0 and < 10 && number.All(char.IsAsciiDigit) && colon < 0)
                return new LinkInline(IssueLinks.Scheme + number, "") { IsClosed = true }.AppendChild(new LiteralInline(name));
            return name is Contents || name is Snippet or List or Count && argument.Length > 0 ? new FillIn { Name = name, Argument = argument, Source = $"[[{inner}]]" } : null;
        }
    }
}
