using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Composing.Body;

namespace Newsletter.Linting;

/// <summary>Walks the Markdown tree once and gathers what the rules ask about: passages, links, images, headings, tags of HTML.</summary>
internal sealed class ManuscriptReader(string text)
{
    private readonly Stack<(RawTag Tag, int Offset, int Start)> _rawLinks = new();
    private int _links;
    private int _near;

    public List<Passage> Passages { get; } = [];
    public List<Link> Links { get; } = [];
    public List<Picture> Pictures { get; } = [];
    public List<Heading> Headings { get; } = [];
    public List<TagUse> Tags { get; } = [];

    public void Read(ContainerBlock container)
    {
        foreach (var block in container)
            if (block is ContainerBlock inner)
                Read(inner);
            else if (block is HtmlBlock html)
                ReadHtml(html);
            else if (block is LeafBlock { Inline: { } inline } leaf)
                ReadLeaf(leaf, inline);
    }

    private void ReadLeaf(LeafBlock leaf, ContainerInline inline)
    {
        var passage = new Passage(leaf);
        _near = Math.Max(0, leaf.Span.Start);
        Children(inline, passage);
        _rawLinks.Clear();
        Passages.Add(passage);
        if (leaf is HeadingBlock heading)
            Headings.Add(new(heading.Level, passage.Text.Trim(), Math.Max(0, heading.Span.Start), heading.IsSetext ? heading.HeaderChar == '\0' ? '-' : heading.HeaderChar : null));
    }

    private void Children(ContainerInline container, Passage into)
    {
        foreach (var child in container)
            One(child, into);
    }

    private void One(Inline inline, Passage into)
    {
        switch (inline)
        {
            case LinkInline { IsImage: true } image:
                Pictures.Add(new(image.Url ?? "", Words(image), At(image), IsRaw: false, IsLinked: _links > 0));
                into.Add(Passage.Thing, At(image));
                break;
            case LinkInline link:
                ReadLink(link, into);
                break;
            case AutolinkInline auto:
                var start = into.Length;
                into.Add(Passage.Thing, At(auto));
                Links.Add(new(auto.IsEmail ? "mailto:" + auto.Url : auto.Url, auto.Url, At(auto), At(auto)) { In = into, Start = start, End = into.Length, IsBare = true });
                break;
            case LiteralInline literal:
                Literal(literal, into);
                break;
            case FillIn { Name: FillIn.Count } count:
                into.Add(Passage.Thing, At(count));
                break;
            case CodeInline code:
                into.Add(Passage.Thing, At(code));
                break;
            case LineBreakInline line:
                into.Add('\n', At(line));
                break;
            case HtmlEntityInline entity:
                foreach (var sign in entity.Transcoded.ToString())
                    into.Add(sign, At(entity));
                break;
            case HtmlInline html:
                foreach (var tag in RawTag.Split(html.Tag))
                    Raw(tag, At(html) + tag.Offset, into);
                break;
            case ContainerInline container:
                Children(container, into);
                break;
        }
    }

    private void ReadLink(LinkInline link, Passage into)
    {
        var (start, offset) = (into.Length, At(link));
        _links++;
        Children(link, into);
        _links--;
        var at = link.UrlSpan.Start > offset && link.UrlSpan.Start < text.Length ? link.UrlSpan.Start : offset;
        Links.Add(new(link.Url ?? "", into.Since(start), offset, at) { In = into, Start = start, End = into.Length, IsBare = link.IsAutoLink });
    }

    // Markdig gives a literal's place in the source but for those that begin with an escaped sign or stand in a table: there the words are looked for.
    private void Literal(LiteralInline literal, Passage into)
    {
        var words = literal.Content.AsSpan();
        var at = literal.Span.Start;
        if (!Holds(at, words))
            at = literal.Span.End - words.Length + 1;
        if (!Holds(at, words))
            at = text.AsSpan(_near, Math.Min(text.Length - _near, words.Length + 400)).IndexOf(words) is >= 0 and var found ? _near + found : _near;
        into.Add(words, at);
        _near = Math.Min(text.Length, Math.Max(_near, at + words.Length));
    }

    private bool Holds(int at, ReadOnlySpan<char> words) => at >= 0 && at + words.Length <= text.Length && text.AsSpan(at, words.Length).SequenceEqual(words);

    private int At(Inline inline)
    {
        if (inline.Span.Start >= 0 && inline.Span.Start < text.Length)
            _near = Math.Max(_near, inline.Span.Start);
        return Math.Clamp(inline.Span.Start, 0, Math.Max(0, text.Length - 1));
    }

    private void ReadHtml(HtmlBlock html)
    {
        var lines = new LineOffsets(html, text);
        var passage = new Passage(html);
        foreach (var tag in RawTag.Split(html.Lines.ToString()))
            Raw(tag, lines.Offset(tag.Offset), passage);
        _rawLinks.Clear();
        Passages.Add(passage);
    }

    private void Raw(RawTag tag, int offset, Passage into)
    {
        if (tag.Kind == RawKind.Text)
            into.Add(tag.Text, offset);
        if (tag.Kind is not (RawKind.Start or RawKind.End))
            return;

        Tags.Add(new(tag, offset));
        if (tag is { Kind: RawKind.Start, Name: "img" })
        {
            Pictures.Add(new(tag["src"] ?? "", tag["alt"], offset, IsRaw: true, IsLinked: _links > 0 || _rawLinks.Count > 0));
            into.Add(Passage.Thing, offset);
        }
        else if (tag is { Kind: RawKind.Start, Name: "a" } && tag["href"] is not null)
            _rawLinks.Push((tag, offset, into.Length));
        else if (tag is { Kind: RawKind.End, Name: "a" } && _rawLinks.TryPop(out var open))
            Links.Add(new(open.Tag["href"]!, into.Since(Math.Min(open.Start, into.Length)), open.Offset, open.Offset) { In = into, Start = open.Start, End = into.Length });
        else if (tag.Name == "br" || HtmlRules.Blocks.Contains(tag.Name))
            into.Add('\n', offset);
    }

    private string Words(ContainerInline container)
    {
        var inner = new Passage(container.ParentBlock ?? new ParagraphBlock());
        foreach (var child in container)
            if (child is not LinkInline { IsImage: false })
                One(child, inner);
        return inner.Text;
    }

    /// <summary>From a place in an HTML block's lines to the place in the body: quotations and lists take marks off each line.</summary>
    private sealed class LineOffsets
    {
        private readonly List<(int From, int Position)> _lines = [];
        private int _last;

        public LineOffsets(HtmlBlock html, string text)
        {
            var from = 0;
            for (var i = 0; i < html.Lines.Count; i++)
            {
                var line = html.Lines.Lines[i];
                _lines.Add((from, ReferenceEquals(line.Slice.Text, text) ? line.Slice.Start : Behind(line, text)));
                from += line.Slice.Length + 1;
            }
        }

        // A tab that a list or quotation cuts through is blanks in a text of Markdig's own: there the line's end is where it was.
        private static int Behind(StringLine line, string text) =>
            (text.IndexOf('\n', Math.Clamp(line.Position, 0, text.Length)) is >= 0 and var end ? end : text.Length) - line.Slice.Length;

        // Asked in the order of the text.
        public int Offset(int place)
        {
            while (_last + 1 < _lines.Count && _lines[_last + 1].From <= place)
                _last++;
            return _lines.Count == 0 ? 0 : _lines[_last].Position + place - _lines[_last].From;
        }
    }
}
