using System.Text;
using System.Text.RegularExpressions;
using Markdig.Extensions.Footnotes;
using Markdig.Syntax.Inlines;

namespace Newsletter.Composing.Body;

/// <summary>Text within a line: links with their targets, pictures by their words, no marks but those that a reader of plain text knows.</summary>
internal sealed partial class TextInlines(Uri pageUrl, Placeholders placeholders, TextLinks links)
{
    private readonly TextRun _text = new();
    private readonly Stack<(string Address, int Start)> _links = new();
    private readonly Stack<bool> _isMark = new();
    private List<string>? _held;
    private int _emphasis;
    private int _opened = -1;

    /// <summary>The text; line ends in it are meant.</summary>
    public static string Write(ContainerInline? inline, Uri pageUrl, Placeholders placeholders, TextLinks links)
    {
        var writer = new TextInlines(pageUrl, placeholders, links);
        if (inline is not null)
            writer.Children(inline);
        return writer.Take();
    }

    /// <summary>The words of a heading in one piece, and behind them what stands for its links.</summary>
    public static (string Words, IReadOnlyList<string> Links) WriteHeading(ContainerInline? inline, Uri pageUrl, Placeholders placeholders, TextLinks links)
    {
        var writer = new TextInlines(pageUrl, placeholders, links) { _held = [] };
        if (inline is not null)
            writer.Children(inline);
        return (writer.Take(), writer._held);
    }

    /// <summary>The text so far; the next begins anew.</summary>
    public string Take()
    {
        (_emphasis, _opened) = (0, -1);
        _isMark.Clear();
        return Clean(_text.Take());
    }

    /// <summary>A tag of an author's HTML inside of a line.</summary>
    public void Tag(RawTag tag)
    {
        var isStart = tag.Kind == RawKind.Start;
        switch (tag.Name)
        {
            case "" when tag.Kind == RawKind.Text:
                _text.Append(tag.Text.Replace('\n', ' '));
                break;
            case "br":
                _text.Append("\n");
                break;
            case "img" when tag["alt"] is { Length: > 0 } alt:
                _text.Append($"[{alt}]");
                break;
            case "a" when isStart:
                _links.Push((tag["href"] ?? "", _text.Length));
                break;
            case "a" when _links.TryPop(out var link):
                Target(link.Address, link.Start);
                break;
            case "b" or "i" or "em" or "strong":
                Weight(tag, isStart);
                break;
            case "del" or "s" or "strike":
                _text.Append("~");
                break;
            case "li" when isStart:
                Part();
                _text.Item();
                break;
            case "li":
                break;
            case "td" or "th":
                _text.Append(isStart && _text.IsInLine() ? " | " : "");
                break;
            case var name when HtmlRules.Blocks.Contains(name):
                Part();
                _text.EndLine();
                break;
        }
    }

    private void Children(ContainerInline container)
    {
        foreach (var child in container)
            One(child);
    }

    private void One(Inline inline)
    {
        switch (inline)
        {
            case LinkInline { IsImage: true } image:
                var alt = Write(image, pageUrl, placeholders, links).Replace('\n', ' ');
                _text.Append(alt.Length > 0 ? $"[{alt}]" : "");
                break;
            case LinkInline link:
                var start = _text.Length;
                Children(link);
                Target(link.Url ?? "", start);
                break;
            case AutolinkInline auto:
                _text.Append(auto.IsEmail ? auto.Url : $"<{Whole(auto.Url)}>");
                break;
            case EmphasisInline { DelimiterChar: '~' } struck:
                _text.Append("~");
                Children(struck);
                _text.Append("~");
                break;
            case EmphasisInline emphasis:
                Emphasis(isStart: true);
                Children(emphasis);
                Emphasis(isStart: false);
                break;
            case CodeInline code:
                _text.Append(code.Content);
                break;
            case FootnoteLink { IsBackLink: false } note:
                _text.Append(Notes.Raised(note.Footnote.Order));
                break;
            case LineBreakInline line:
                _text.Append(line.IsHard ? "\n" : " ");
                break;
            case HtmlEntityInline entity:
                _text.Append(entity.Transcoded.ToString());
                break;
            case HtmlInline html:
                foreach (var tag in RawTag.Split(html.Tag))
                    Tag(tag);
                break;
            case LiteralInline literal:
                _text.Append(literal.Content.ToString());
                break;
            case ContainerInline container:
                Children(container);
                break;
        }
    }

    // Google Docs puts all that it copies into a <b> that is not bold.
    private void Weight(RawTag tag, bool isStart)
    {
        if (isStart)
            _isMark.Push(!NormalWeight().IsMatch(tag["style"] ?? ""));
        if (isStart ? _isMark.Peek() : _isMark.TryPop(out var isMark) && isMark)
            Emphasis(isStart);
    }

    private void Part()
    {
        _text.TakeBack(_opened);
        _opened = -1;
    }

    // Bold inside of italics is one mark: three stars help nobody.
    private void Emphasis(bool isStart)
    {
        _emphasis += isStart ? 1 : -1;
        if (isStart && _emphasis == 1)
            _opened = _text.Open();
        else if (!isStart && _emphasis == 0)
        {
            _text.Close(_opened);
            _opened = -1;
        }
    }

    /// <summary>Writes where a link leads behind its words; words that are the address stand alone.</summary>
    private void Target(string address, int start)
    {
        if (address.Length == 0 || address.StartsWith('#'))
            return;

        var words = _text.From(start).Trim();
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            var mailbox = Uri.UnescapeDataString(address["mailto:".Length..].Split('?')[0]);
            if (!words.Contains(mailbox, StringComparison.OrdinalIgnoreCase))
                _text.Behind($"{(words.Length > 0 ? " " : "")}<{mailbox}>");
            return;
        }

        var whole = Whole(address);
        if (words == whole || words == address)
        {
            _text.Cut(start);
            _text.Append($"<{whole}>");
        }
        else if (_held is not null)
            _held.Add(links.Mark(whole));
        else
            _text.Behind((words.Length > 0 ? " " : "") + links.Mark(whole));
    }

    private string Whole(string address)
    {
        var text = string.Concat(address.Trim().Select(sign => sign is '<' or '>' || char.IsWhiteSpace(sign) || IsUnseen(sign) ? Uri.EscapeDataString(sign.ToString()) : sign.ToString()));
        var isOwn = placeholders.Pattern.Match(text) is { Success: true, Index: 0 } || Uri.TryCreate(text, UriKind.Absolute, out var own) && !own.IsFile;
        return isOwn || !Uri.TryCreate(pageUrl, text, out var whole) ? text : whole.AbsoluteUri;
    }

    // No-break blanks are blanks to a terminal; characters that cannot be seen are noise. Joiners stay: they make one picture of several.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c is '\u00A0' or '\u2007' or '\u202F')
                clean.Append(' ');
            else if (c == '\n' || !char.IsControl(c) && !IsUnseen(c))
                clean.Append(c);
            else if (char.IsControl(c))
                clean.Append(' ');
        return LooseJoiners().Replace(clean.ToString(), "").Trim();
    }

    private static bool IsUnseen(char sign) => sign is '\u200B' or '\u2060' or '\uFEFF' or '\u00AD' or '\u034F';

    [GeneratedRegex(@"font-weight\s*:\s*(normal|400)\b", RegexOptions.IgnoreCase)]
    private static partial Regex NormalWeight();

    // What joins nothing is a filler.
    [GeneratedRegex(@"(?<![^\s])[\u200C\u200D]+|[\u200C\u200D]+(?![^\s])")]
    private static partial Regex LooseJoiners();
}
