using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace Newsletter.Replies;

/// <summary>Reads the HTML of a mail, token by token: a tree would cost a hostile one's writer nothing and us gigabytes.</summary>
/// <remarks>AngleSharp's tokenizer follows WHATWG HTML §13.2.5, so that tags begin and end where a browser would see them. What is written is escaped anew in any case.</remarks>
internal sealed class HtmlReading(Func<string, string?> imageOf)
{
    private const int MostOpen = 300;
    private const int MostAttributes = 60;
    private readonly HtmlLeaves leaves = new();
    private readonly List<Element> stack = [];
    private string? hidden;
    private int hiddenDepth;

    private sealed record Element(string Name, int Depth, ElementMark Mark, bool IsPreformatted, bool IsWritten, string Host, int Column);

    public RemoteContent Remote { get; private set; }

    public HtmlLeaves Read(string html)
    {
        using var source = new TextSource(html);
        var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver);
        while (tokenizer.Get() is { Type: not HtmlTokenType.EndOfFile } token)
            Read(tokenizer, token);
        while (stack.Count > 0)
            Pop();
        leaves.End();
        return leaves;
    }

    private int Depth => stack is [.., var top] ? top.Depth : 0;

    private ElementMark Mark => stack is [.., var top] ? top.Mark : ElementMark.None;

    private void Read(HtmlTokenizer tokenizer, HtmlToken token)
    {
        switch (token)
        {
            case HtmlTagToken { Type: HtmlTokenType.StartTag } tag:
                Start(tokenizer, tag);
                break;
            case HtmlTagToken { Type: HtmlTokenType.EndTag } tag:
                End(tag.Name);
                break;
            case { Type: HtmlTokenType.Character } when hidden is null:
                leaves.Text(token.Data, Depth, Mark, stack is [.., { IsPreformatted: true }]);
                break;
            case { Type: HtmlTokenType.Character } when hidden is "style":
                Remote = Remote.AndSheet(token.Data);
                break;
        }
    }

    private void Start(HtmlTokenizer tokenizer, HtmlTagToken tag)
    {
        tokenizer.State = tag.Name switch
        {
            "script" => HtmlParseMode.Script,
            "style" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
            "textarea" or "title" => HtmlParseMode.RCData,
            "plaintext" => HtmlParseMode.Plaintext,
            _ => tokenizer.State,
        };
        var attributes = tag.Attributes.Take(MostAttributes).Select(each => (each.Name.ToLowerInvariant(), each.Value)).ToList();
        Remote = Remote.And(tag.Name, attributes);
        if (hidden is not null)
            hiddenDepth += tag.Name == hidden && !tag.IsSelfClosing ? 1 : 0;
        else if (HtmlElements.IsVoid(tag.Name))
            See(tag.Name, attributes);
        else if (HtmlElements.IsHidden(tag.Name) && !(tag.IsSelfClosing && tag.Name is "svg" or "math"))
            (hidden, hiddenDepth) = (tag.Name, 1);
        else if (!HtmlElements.IsHidden(tag.Name))
            Push(tag.Name, attributes);
    }

    private void See(string name, List<(string Name, string Value)> attributes)
    {
        switch (name)
        {
            case "br":
                leaves.Break("<br>", Depth, Mark);
                break;
            case "hr":
                if (MarkOf(attributes) is ElementMark.Rest)
                    leaves.RestIsQuoted();
                leaves.Rule(Depth, Mark);
                break;
            case "img" or "image":
                leaves.See(SafeTag.Image(attributes, imageOf), SafeTag.Alt(attributes) is { Length: > 0 } alt ? $"[image: {alt}]" : "[image]", Depth, Mark);
                break;
        }
    }

    private void Push(string name, List<(string Name, string Value)> attributes)
    {
        while (stack is [.., var open] && HtmlElements.Ends(name, open.Name))
            Pop();
        if (stack.Count >= MostOpen)
            return;
        if (HtmlElements.Breaks(name))
            leaves.EndBlock(withBlank: name is "p" && !IsDense(attributes));
        var mark = MarkOf(attributes);
        if (mark is ElementMark.Rest)
            leaves.RestIsQuoted();
        var isQuote = mark is ElementMark.Quote || (name is "blockquote" && !IsIndent(attributes));
        var (opening, host) = OpenTag(name, attributes);
        if (opening.Length > 0)
            leaves.Open(opening, $"</{(name is "a" ? "a" : HtmlElements.Written(name))}>");
        stack.Add(new(name, Depth + (isQuote ? 1 : 0), mark is ElementMark.Signature or ElementMark.Forward ? mark : Mark, name is "pre" || stack is [.., { IsPreformatted: true }], opening.Length > 0, host, leaves.Column));
        if (name is "td" or "th")
            leaves.Cell(Depth, Mark);
    }

    private static (string Open, string Host) OpenTag(string name, List<(string Name, string Value)> attributes)
    {
        if (name is "a")
            return SafeTag.Link(SafeTag.Value(attributes, "href")) is { } link ? link : ("", "");
        return HtmlElements.Written(name) is { } written ? (SafeTag.Open(written, HtmlElements.IsHeading(name), attributes), "") : ("", "");
    }

    private void End(string name)
    {
        if (hidden is not null)
        {
            if (name == hidden && --hiddenDepth == 0)
                hidden = null;
            return;
        }
        if (name is "br")
            leaves.Break("<br>", Depth, Mark); // WHATWG HTML §13.2.6.4.7
        var at = stack.FindLastIndex(element => element.Name == name);
        while (at >= 0 && stack.Count > at)
            Pop();
    }

    private void Pop()
    {
        var element = stack[^1];
        if (HtmlElements.Breaks(element.Name))
            leaves.EndBlock(withBlank: element.Name is "p" or "blockquote" or "ul" or "ol" or "table" || HtmlElements.IsHeading(element.Name));
        if (element.IsWritten)
            leaves.Close(element.Host.Length > 0 ? SafeTag.Warning(leaves.Since(element.Column), element.Host) : "");
        stack.RemoveAt(stack.Count - 1);
    }

    private static ElementMark MarkOf(List<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
            if (ReplyMarks.Elements.Of(name, value) is not ElementMark.None and var mark)
                return mark;
        return ElementMark.None;
    }

    /// <summary>Gmail's and Outlook's button for an indent makes the same element as a quote, without a line beside it.</summary>
    private static bool IsIndent(List<(string Name, string Value)> attributes) =>
        SafeTag.Value(attributes, "type") is null && SafeTag.Value(attributes, "style")?.Replace(" ", "", StringComparison.Ordinal) is { } style
        && (style.Contains("border:none", StringComparison.OrdinalIgnoreCase) || style.Contains("border:medium", StringComparison.OrdinalIgnoreCase)) && style.Contains("40px", StringComparison.Ordinal);

    /// <summary>Outlook's paragraphs are lines.</summary>
    private static bool IsDense(List<(string Name, string Value)> attributes) => SafeTag.Value(attributes, "class")?.StartsWith("Mso", StringComparison.OrdinalIgnoreCase) == true;
}
