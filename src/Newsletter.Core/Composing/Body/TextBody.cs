using System.Text.RegularExpressions;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Newsletter.Composing.Body;

/// <summary>The plain-text part, written from the Markdown tree: headings underlined, lists with hanging marks, quotations with <c>&gt;</c>, tables in columns.</summary>
internal sealed class TextBody
{
    private readonly TextPage _page;
    private readonly TextLinks _links;
    private readonly TextInlines _raw;
    private readonly Uri _pageUrl;
    private readonly Placeholders _placeholders;
    private readonly int _shift;
    private readonly Stack<RawList> _lists = new();

    private int _choices;
    private bool _isBehindRow;

    private TextBody(Uri pageUrl, Placeholders placeholders, TextForm form, int shift)
    {
        (_pageUrl, _placeholders, _shift) = (pageUrl, placeholders, shift);
        _page = new(form.IsRightToLeft, form.Values);
        _links = new(form.NumbersLinks);
        _raw = new(pageUrl, placeholders, _links);
    }

    /// <summary>Lines ended by LF; placeholders stay.</summary>
    /// <param name="document">Repaired by <see cref="HtmlRepair"/>.</param>
    /// <param name="pageUrl">What relative addresses are meant against.</param>
    /// <param name="placeholders">Words that stand for tags.</param>
    /// <param name="form">How it is written.</param>
    /// <param name="shift">How many levels all headings go down.</param>
    public static string Write(MarkdownDocument document, Uri pageUrl, Placeholders placeholders, TextForm form, int shift)
    {
        var writer = new TextBody(pageUrl, placeholders, form, shift);
        writer.Blocks(document, isTight: false);
        writer.ListLinks();
        return writer._page.ToString();
    }

    /// <summary>A heading with its line below.</summary>
    public static IEnumerable<string> Heading(string text, int level, int room)
    {
        var lines = text.Split('\n').SelectMany(line => TextWrap.Lines(line, room)).ToList();
        var mark = level switch { 1 => '=', 2 => '-', _ => '~' };
        return [.. lines, new string(mark, Math.Max(3, lines.Max(TextWrap.Columns)))];
    }

    private void Blocks(ContainerBlock container, bool isTight)
    {
        foreach (var block in container)
        {
            if (block is not HtmlBlock)
                FlushRaw();
            One(block, isTight);
        }
        FlushRaw();
    }

    private void One(Block block, bool isTight)
    {
        switch (block)
        {
            case HeadingBlock heading:
                Heading(heading);
                break;
            case ThematicBreakBlock:
                _page.Lines(["* * *"]);
                break;
            case CodeBlock code:
                _page.Code(TextCode.Lines(code.Lines.ToString(), _page.Room));
                break;
            case HtmlBlock html:
                foreach (var tag in RawTag.Split(html.Lines.ToString()))
                    Raw(tag);
                break;
            case QuoteBlock quote:
                _page.Push("> ", "> ");
                Blocks(quote, isTight: false);
                _page.Pop();
                break;
            case ListBlock list:
                List(list, isTight);
                break;
            case FootnoteGroup notes:
                _page.Lines(["* * *"]);
                foreach (var note in notes.OfType<Footnote>())
                    Note(note);
                break;
            case Table table:
                _page.Lines(TextTable.Lines(table, _page.Room, Inlines));
                break;
            case ContainerBlock container:
                Blocks(container, isTight);
                break;
            case LeafBlock { Inline: { } inline } when Inlines(inline) is { Length: > 0 } text:
                CountChoices(text);
                _page.Paragraph(text, isTight);
                break;
        }
    }

    private void List(ListBlock list, bool isTight)
    {
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        var isFirst = true;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var mark = list.IsOrdered ? $"{number++}. " : "- ";
            _page.Push(mark, new string(' ', mark.Length), isTight: isFirst ? isTight : !list.IsLoose);
            Blocks(item, isTight: !list.IsLoose);
            _page.Pop();
            isFirst = false;
        }
    }

    private void Note(Footnote note)
    {
        var mark = Notes.Raised(note.Order) + " ";
        _page.Push(mark, new string(' ', mark.Length));
        Blocks(note, isTight: false);
        _page.Pop();
    }

    // Its words stay in one piece: what a reader looks for, and what programs compare, is the heading.
    private void Heading(HeadingBlock heading)
    {
        if (heading.Level <= 2)
            ListLinks();
        var (words, links) = TextInlines.WriteHeading(heading.Inline, _pageUrl, _placeholders, _links);
        Heading(_links.IsNumbered ? string.Join(' ', links.Prepend(words)).Trim() : words, heading.Level);
        if (!_links.IsNumbered && links.Count > 0)
            _page.Lines(links, isTight: true);
    }

    private void Heading(string text, int level)
    {
        if (text.Length > 0)
            _page.Lines(Heading(text, level + _shift, _page.Room));
    }

    // Not inside of a quotation or item, and not in a choice: who does not get the choice would lose what stood before it.
    private void ListLinks()
    {
        if (_page.IsAtMargin && _choices == 0 && _links.Take() is { Count: > 0 } lines)
            _page.Lines(lines);
    }

    private void CountChoices(string text)
    {
        foreach (Match match in _placeholders.Pattern.Matches(text))
            _choices += _placeholders.TagOf(match)?.Kind switch { TagKind.If => 1, TagKind.Endif => -1, _ => 0 };
    }

    /// <summary>An author's HTML between paragraphs: what it means, not how it is written.</summary>
    private void Raw(RawTag tag)
    {
        if (!HtmlRules.Blocks.Contains(tag.Name))
        {
            if (tag.Name is not ("b" or "i" or "em" or "strong")) // may span whole paragraphs, where a star would stand alone
                _raw.Tag(tag);
            return;
        }

        var isStart = tag.Kind == RawKind.Start;
        if (tag.Name is ['h', >= '1' and <= '6' and var level] && !isStart)
            Heading(_raw.Take(), level - '0');
        else if (tag.Name is "td" or "th")
            _raw.Tag(tag);
        else
            FlushRaw(isTight: tag.Name == "tr" && !isStart && _isBehindRow);

        switch (tag.Name)
        {
            case "table" or "tr":
                _isBehindRow = tag.Name == "tr" && (_isBehindRow || !isStart);
                break;
            case "blockquote":
                PushOrPop(isStart, "> ", "> ");
                break;
            case "ul" or "ol" when isStart:
                _lists.Push(new(tag.Name == "ol", int.TryParse(tag["start"], out var start) ? start : 1));
                break;
            case "ul" or "ol":
                _lists.TryPop(out _);
                break;
            case "li":
                var mark = isStart && _lists.TryPeek(out var list) ? list.NextMark() : "- ";
                PushOrPop(isStart, mark, new string(' ', mark.Length), isTight: isStart && _lists.TryPeek(out var now) && !now.IsFirst);
                break;
            case "dd":
                PushOrPop(isStart, "    ", "    ", isTight: true);
                break;
            case "hr":
                _page.Lines(["* * *"]);
                break;
        }
    }

    // The repaired tree is balanced, so every end has its beginning.
    private void PushOrPop(bool isStart, string first, string rest, bool isTight = false)
    {
        if (isStart)
            _page.Push(first, rest, isTight);
        else
            _page.Pop();
    }

    private void FlushRaw(bool isTight = false)
    {
        if (_raw.Take() is { Length: > 0 } text)
            _page.Paragraph(text, isTight);
    }

    private string Inlines(ContainerInline? inline) => TextInlines.Write(inline, _pageUrl, _placeholders, _links);

    private sealed class RawList(bool isOrdered, int start)
    {
        private int _count;

        public bool IsFirst => _count == 1;

        public string NextMark() => isOrdered ? $"{start + _count++}. " : _count++ < 0 ? "" : "- ";
    }
}

/// <summary>How a plain text is written.</summary>
/// <param name="NumbersLinks">Whether links have numbers, listed behind their section; else their address stands behind their words.</param>
/// <param name="IsRightToLeft">Whether its writing runs from the right.</param>
/// <param name="Values">How wide tags will be.</param>
internal sealed record TextForm(bool NumbersLinks, bool IsRightToLeft, TextValues Values);
