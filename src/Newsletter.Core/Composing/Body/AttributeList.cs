using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>Attributes in braces, in the forms of kramdown and pandoc: <c>{#id .class key=value}</c>, <c>{: .class}</c>.</summary>
/// <remarks>They belong to the link, image, code or emphasis right before them, to the heading they end, or to the paragraph whose last line they are.</remarks>
internal sealed class AttributeList : LeafInline
{
    /// <summary>As written, braces and all.</summary>
    public required string Source { get; init; }

    private HtmlAttributes Values { get; } = new();

    /// <summary>Gives each list to what it belongs to; one that belongs to nothing stays as text.</summary>
    public static void Attach(MarkdownDocument document, BodyProblems problems)
    {
        foreach (var list in document.Descendants<AttributeList>().ToList())
        {
            if (list.Target() is { } target)
                list.GiveTo(target, problems);
            else
                list.ReplaceBy(new LiteralInline(list.Source) { Line = list.Line, Column = list.Column });
        }
    }

    private MarkdownObject? Target()
    {
        if (PreviousSibling is LinkInline or CodeInline or EmphasisInline or AutolinkInline)
            return PreviousSibling;
        if (NextSibling is not null || Parent?.ParentBlock is not { } block)
            return null;
        return block is HeadingBlock || PreviousSibling is LineBreakInline ? block : block is ParagraphBlock && PreviousSibling is null ? Before(block) : null;
    }

    // A paragraph that is nothing but a list speaks of the block above it.
    private static Block? Before(Block block) => block.Parent is { } parent && parent.IndexOf(block) is > 0 and var at && Last(parent[at - 1]) is not HtmlBlock and var before ? before : null;

    // A snippet's or an item's tree is one block, which nothing writes.
    private static Block Last(Block block) => block is MarkdownDocument { LastChild: { } last } ? Last(last) : block;

    private void GiveTo(MarkdownObject target, BodyProblems problems)
    {
        var attributes = target.GetAttributes();
        attributes.Id ??= Values.Id;
        foreach (var name in Values.Classes ?? [])
            attributes.AddClass(name);
        foreach (var (key, value) in Values.Properties ?? [])
            if (HtmlRules.Attributes.Contains(key) && key is not ("href" or "src" or "id" or "class") && (key != "style" || HtmlRules.IsSafeStyle(value ?? "")))
                attributes.AddPropertyIfNotExist(key, value ?? "");
            else
                problems.Add(problems.At(this), Severity.Warning, "attribute-dropped", $"the attribute {key} is left out", "mail programs know width, height, align, title, lang, style and few others");

        if (target is HeadingBlock && PreviousSibling is LiteralInline { Content: var words } literal)
        {
            words.TrimEnd();
            literal.Content = words;
        }
        if (PreviousSibling is LineBreakInline line)
            line.Remove();
        var home = Parent;
        Remove();
        if (home is { FirstChild: null, ParentBlock: ParagraphBlock { Parent: { } parent } empty })
            parent.Remove(empty);
    }

    internal sealed class Parser : InlineParser
    {
        private const int Longest = 300;

        public Parser() => OpeningCharacters = ['{'];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            var text = slice.AsSpan();
            var end = text[..Math.Min(text.Length, Longest)].IndexOf('}');
            if (end < 2)
                return false;

            var list = new AttributeList
            {
                Source = text[..(end + 1)].ToString(),
                Span = new(processor.GetSourcePosition(slice.Start, out var line, out var column), processor.GetSourcePosition(slice.Start + end)),
                Line = line,
                Column = column,
            };
            if (!list.Read(text[1..end].ToString()))
                return false;

            processor.Inline = list;
            slice.Start += end + 1;
            return true;
        }
    }

    private bool Read(string inner)
    {
        var rest = inner.AsSpan().TrimStart(':').Trim();
        if (rest.IsEmpty)
            return false;

        for (; !rest.IsEmpty; rest = rest.TrimStart())
        {
            var length = rest.IndexOfAny(" \t\n=") is >= 0 and var at ? at : rest.Length;
            var word = rest[..length].ToString();
            rest = rest[length..];
            if (word is ['#', _, ..] && word.Skip(1).All(IsNameCharacter))
                Values.Id = word[1..];
            else if (word is ['.', _, ..] && word.Skip(1).All(IsNameCharacter))
                Values.AddClass(word[1..]);
            else if (word.Length == 0 || !word.All(IsNameCharacter) || rest is not ['=', _, ..])
                return false;
            else
                Values.AddProperty(word.ToLowerInvariant(), Value(ref rest));
        }
        return true;
    }

    private static string Value(ref ReadOnlySpan<char> rest)
    {
        rest = rest[1..];
        var isQuoted = rest[0] is '"' or '\'' && rest[1..].Contains(rest[0]);
        var length = isQuoted ? rest[1..].IndexOf(rest[0]) : rest.IndexOfAny(" \t\n") is >= 0 and var at ? at : rest.Length;
        var value = rest.Slice(isQuoted ? 1 : 0, length).ToString();
        rest = rest[(length + (isQuoted ? 2 : 0))..];
        return value;
    }

    private static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '-' or '_';
}
