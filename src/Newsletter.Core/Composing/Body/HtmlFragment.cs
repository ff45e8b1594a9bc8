using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Markdig.Helpers;

namespace Newsletter.Composing.Body;

/// <summary>The body's HTML as a browser would read it, finished for mail and page: absolute addresses, every id once, images and tables as mail programs need them.</summary>
/// <param name="pageUrl">What relative addresses are meant against.</param>
/// <param name="placeholders">Words that stand for tags: no address and no id.</param>
/// <param name="pictures">What is known of the images.</param>
/// <param name="settings">The theme's: how wide the text is, and its colours.</param>
/// <param name="reservedIds">Ids that the page around the body has.</param>
internal sealed partial class HtmlFragment(Uri pageUrl, Placeholders placeholders, Pictures pictures, ThemeSettings settings, params IReadOnlyList<string> reservedIds)
{
    private readonly HashSet<string> _ids = new(reservedIds, StringComparer.Ordinal);

    private readonly Dictionary<string, int> _numbers = [];

    private readonly HtmlWriter _writer = new();

    private readonly OwnColours _colours = new(settings.Light, settings.ColouredLinks ? settings.Light.Accent : settings.Light.Text);

    private readonly int _column = settings.ContentWidth;

    /// <summary>A colour of the author's that says nothing and was left out; null where there was none.</summary>
    public string? DroppedColour => _colours.Dropped;

    /// <summary>The finished HTML: parses as HTML5 without an error.</summary>
    /// <param name="html">Balanced by <see cref="HtmlRepair"/>, but for what HTML itself forbids (a table in a paragraph).</param>
    /// <param name="shift">How many levels all headings go down.</param>
    public string Finish(string html, int shift)
    {
        var body = Parsed(html);
        HtmlShape.Settle(body);
        foreach (var node in body.Descendants())
            if (node is IText text)
                text.Data = Cleaned(text.Data);
            else if (node is IElement element)
                Finish(element, shift);
        TableFit.MarkBoxes(body);
        _colours.Settle(body);
        CrossLinks.Settle(body);
        foreach (var paragraph in body.QuerySelectorAll("p"))
            FinishParagraph(paragraph);
        LooseWords.Wrap(body, _writer, placeholders);
        return Settled(_writer.Inside(body));
    }

    // Taking something out can leave what HTML reads otherwise (a paragraph in a paragraph): read again until it stays as it is.
    private static string Settled(string html)
    {
        for (var i = 0; i < 4; i++)
        {
            var again = new HtmlWriter().Inside(Parsed(html));
            if (again == html)
                return html;
            html = again;
        }
        return html;
    }

    private static IElement Parsed(string html) =>
        new HtmlParser().ParseDocument("<!doctype html><html><head></head><body>" + html + "</body></html>").Body!;

    private void Finish(IElement element, int shift)
    {
        foreach (var attribute in element.Attributes.ToList())
            attribute.Value = Cleaned(attribute.Value);
        var isNamedAlike = element.Id is { Length: > 0 } own && element.GetAttribute("name") == own;
        FinishId(element, "id");
        FixedWidths.Loosen(element, _column);
        switch (element.LocalName)
        {
            case "a":
                FinishName(element, isNamedAlike);
                FinishAddress(element, "href");
                if (!element.HasAttribute("href"))
                    FinishPlace(element);
                break;
            case "img":
                FinishImage(element);
                break;
            case "table":
                TableFit.Mark(element, _column);
                break;
            case "th" when !element.HasAttribute("scope") && element.Closest("table")?.ClassList.Contains("data") == true:
                element.SetAttribute("scope", "col");
                break;
            case ['h', >= '1' and <= '6' and var level] when shift > 0:
                FinishHeading(element);
                _writer.Rename(element, $"h{Math.Min(6, level - '0' + shift)}");
                break;
            case ['h', >= '1' and <= '6']:
                FinishHeading(element);
                break;
        }
    }

    private void FinishImage(IElement image)
    {
        FinishAddress(image, "src");
        if (!image.HasAttribute("src"))
        {
            _writer.Replace(image, image.GetAttribute("alt") ?? "");
            return;
        }
        if (!image.HasAttribute("alt"))
            image.SetAttribute("alt", "");
        ImageBox.Set(image, pictures.FactsOf(image.GetAttribute("src")!), _column);
    }

    private void FinishAddress(IElement element, string name)
    {
        var address = element.GetAttribute(name)?.Trim();
        if (address is null || address.StartsWith('#') || placeholders.Pattern.Match(address) is { Success: true, Index: 0 })
            return;
        if (address.Length == 0 || !HtmlRules.IsSafeAddress(address) || !Uri.TryCreate(pageUrl, address, out var whole))
            element.RemoveAttribute(name);
        else if (!Uri.TryCreate(address, UriKind.Absolute, out var own) || own.IsFile)
            element.SetAttribute(name, whole.AbsoluteUri); // an absolute one stays as the author wrote it
    }

    private void FinishId(IElement element, string name)
    {
        if (element.GetAttribute(name) is not { } given)
            return;

        var id = Blanks().Replace(placeholders.Pattern.Replace(given, ""), "").TrimStart('#');
        if (id.Length == 0)
            element.RemoveAttribute(name);
        else if (_ids.Add(id))
            element.SetAttribute(name, id);
        else
            element.SetAttribute(name, Numbered(id));
    }

    // Both name the same place: whatever became of the one holds for the other.
    private void FinishName(IElement element, bool isNamedAlike)
    {
        if (!isNamedAlike)
            FinishId(element, "name");
        else if (element.Id is { Length: > 0 } id)
            element.SetAttribute("name", id);
        else
            element.RemoveAttribute("name");
    }

    // An `a` that leads nowhere only names a place: words in it would look like a link.
    private void FinishPlace(IElement place)
    {
        if (place.HasAttribute("id") || place.HasAttribute("name"))
            _writer.Empty(place);
        else
            _writer.Open(place);
    }

    // In GitHub's form, so that links to an issue's headings hold wherever it is shown.
    private void FinishHeading(IElement heading)
    {
        if (heading.HasAttribute("id"))
            return;
        var words = string.Concat(heading.Descendants().OfType<IText>().Where(text => text.ParentElement?.Closest("sup.note") is null).Select(text => text.Data)); // a note's number is none of them
        var id = LinkHelper.UrilizeAsGfm(placeholders.Pattern.Replace(words, "").Trim());
        if (id.Length == 0 && !CrossLinks.IsEnd(heading))
            return;
        id = id.Length > 0 ? id : "section";
        heading.SetAttribute("id", _ids.Add(id) ? id : Numbered(id));
    }

    private string Numbered(string id)
    {
        string numbered;
        do
            numbered = $"{id}-{_numbers[id] = _numbers.GetValueOrDefault(id) + 1}";
        while (!_ids.Add(numbered));
        return numbered;
    }

    // A paragraph that only holds tags of a choice is the choice's edge, not text.
    private void FinishParagraph(IElement paragraph)
    {
        var text = paragraph.TextContent.Trim();
        if (paragraph.ChildElementCount > 0 && paragraph.Descendants<IElement>().Any(_writer.Shows))
            return;

        var isEdge = text.Length > 0 && placeholders.Pattern.Replace(text, "").Trim().Length == 0
                     && placeholders.Pattern.Matches(text).All(match => placeholders.TagOf(match) is { Kind: not TagKind.Output });
        if (isEdge)
            _writer.Replace(paragraph, text);
        else if (text.Length == 0)
            _writer.Replace(paragraph, "");
    }

    private static string Cleaned(string text) => Controls().Replace(text, " ");

    [GeneratedRegex(@"[\p{Cc}-[\t\n]]|[\uFDD0-\uFDEF\uFFFE\uFFFF]|[\uD83F\uD87F\uD8BF\uD8FF\uD93F\uD97F\uD9BF\uD9FF\uDA3F\uDA7F\uDABF\uDAFF\uDB3F\uDB7F\uDBBF\uDBFF][\uDFFE\uDFFF]")]
    private static partial Regex Controls();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
