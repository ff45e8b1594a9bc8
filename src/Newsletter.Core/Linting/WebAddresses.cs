using Markdig.Syntax;
using Newsletter.Composing;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Finds the addresses of the web that an issue leads to or shows.</summary>
internal sealed class WebAddresses(Issue issue, Publication publication, Surroundings surroundings)
{
    private readonly Uri _page = new IssueFacts(issue, publication).WebUrl;

    public IReadOnlyList<WebAddress> All()
    {
        var (body, options) = (Masked.Of(issue.Body), issue.Markdown ?? MarkdownOptions.None);
        var (tree, lines) = (IssueBody.AsWritten(body, options), new LineMap(body, issue.BodyLine));
        var used = UsedTexts.Of(issue, tree, options, surroundings).SelectMany(text =>
        {
            var (part, own, use) = (Masked.Of(text.Text), new LineMap(text.Text, 1), lines.Of(text.Offset));
            return OfText(part, IssueBody.AsWritten(part, options), _ => use, offset => text.Within(own.Of(offset).Line));
        });
        WebAddress?[] keys = [OfKey("hero-img", issue.HeroImage, isImage: true), OfKey("canonical", issue.Canonical, isImage: false)];
        return [.. keys.OfType<WebAddress>().Concat(OfText(body, tree, lines.Of, _ => "")).Concat(used).OrderBy(address => address.Line)];
    }

    private WebAddress? OfKey(string key, string address, bool isImage) =>
        issue.FrontMatter[key] is { } at ? Read(address, isImage, (at.Line, at.Column), $"{key}: ") : null;

    private IEnumerable<WebAddress> OfText(string text, MarkdownDocument tree, Func<int, (int Line, int Column)> placeOf, Func<int, string> within)
    {
        var read = new ManuscriptReader(text);
        read.Read(tree);
        return read.Links.Select(link => (Address: link.Target, Offset: link.TargetOffset, IsImage: false)).Concat(read.Pictures.Select(picture => (Address: picture.Source, picture.Offset, IsImage: true)))
            .OrderBy(use => use.Offset).Select(use => Read(use.Address, use.IsImage, placeOf(use.Offset), within(use.Offset))).OfType<WebAddress>();
    }

    private WebAddress? Read(string text, bool isImage, (int Line, int Column) at, string within)
    {
        var address = text.Trim();
        if (address.Length == 0 || address.Any(Masked.IsTag) || !Uri.TryCreate(_page, address, out var whole) || whole.Scheme is not ("http" or "https") || whole == _page || IsTakenAlong(address, isImage))
            return null;

        // As its author wrote it where it is whole: so rendering asks for what was seen of an image.
        var isWhole = Uri.TryCreate(address, UriKind.Absolute, out var own) && own.Scheme == whole.Scheme;
        return new(isWhole ? own! : whole, isImage, at.Line, at.Column) { Within = within };
    }

    // What is said of a local image that cannot be shown, linting says without the web.
    private bool IsTakenAlong(string address, bool isImage) => surroundings.Image(address) is { } file && (file.Content is not null || isImage && file.IsLocal);
}
