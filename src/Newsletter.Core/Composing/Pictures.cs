using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>The images of one issue while it is rendered: those of the publication get the address where they will be published, and the sizes that are known are at hand.</summary>
/// <param name="surroundings">Where they are looked up.</param>
/// <param name="pageUrl">The issue's page: what relative addresses are meant against.</param>
/// <param name="site">The publication's address, ending with a slash.</param>
/// <param name="placeholders">Words that stand for tags: an address with one is another for each reader, and no file of ours.</param>
/// <param name="embedsAll">Whether letters carry the local ones with them, unless an address ends with <c>#publish</c>.</param>
internal sealed partial class Pictures(Surroundings surroundings, Uri pageUrl, Uri site, Placeholders placeholders, bool embedsAll)
{
    /// <summary>What an issue may weigh with all its local images; many times that of any sensible letter.</summary>
    private const int MostPublished = 50_000_000;

    /// <summary>What the embedded ones may weigh: each reader's letter carries them, a third more for being base64.</summary>
    private const int MostEmbedded = 2_000_000;

    private readonly Dictionary<string, ImageFacts?> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImageFacts> _shown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IssueImage> _published = new(StringComparer.Ordinal);

    /// <summary>Says what is wrong with an image, where it stands.</summary>
    public delegate void Report(Severity severity, string code, string message, string hint);

    /// <summary>The local images, each once, in the order of their first use.</summary>
    public IReadOnlyList<IssueImage> Published => [.. _published.Values];

    /// <summary>The address at which an image is shown; the given one where nothing better is known.</summary>
    /// <param name="address">As the author wrote it.</param>
    /// <param name="report">Hears what is wrong.</param>
    public string Take(string address, Report report)
    {
        var facts = Facts(address);
        if (facts is { Fault: not ImageFault.None })
            Complain(facts, address, report);
        else if (facts is { Content: { } content })
            return Publish(facts, content, address, report);
        else if (address.EndsWith("#embed", StringComparison.Ordinal))
            report(Severity.Warning, "image-embed-remote", $"`{Excerpt.Of(address, 60)}` is no file of this publication and is not embedded", "put the image into the folder images/ beside the issue");
        if (facts is not null && Absolute(address) is { } known)
            _shown[known] = facts;
        return address;
    }

    /// <summary>The address of a link: where it leads to an image of the publication, that is published too.</summary>
    public string TakeLink(string address, Report report) =>
        !address.StartsWith('#') && Facts(address) is { Content: { } content } facts ? Publish(facts, content, address + "#publish", report) : address;

    /// <summary>What is known of an image that is shown; null: nothing.</summary>
    /// <param name="address">As it stands in the finished HTML.</param>
    public ImageFacts? FactsOf(string address) => Absolute(address) is { } known ? _shown.GetValueOrDefault(known) : null;

    /// <summary>The letter with the embedded images named as the parts that it carries.</summary>
    public Template Embedded(Template letter)
    {
        var names = _published.Values.Where(image => image.IsEmbedded).ToDictionary(image => image.Address(site).AbsoluteUri, image => image.ContentId(pageUrl));
        return names.Count == 0 ? letter : new(Named(letter.Segments, names));
    }

    private static List<Segment> Named(IReadOnlyList<Segment> segments, Dictionary<string, string> names) =>
    [
        .. segments.Select(segment => segment switch
        {
            Segment.Literal literal => new Segment.Literal(Source().Replace(literal.Text, match =>
                names.TryGetValue(match.Groups["address"].Value, out var id) ? $"{match.Groups["name"].Value}cid:{id}\"" : match.Value)),
            Segment.Choice choice => new Segment.Choice([.. choice.Branches.Select(branch => branch with { Segments = Named(branch.Segments, names) })]),
            _ => segment,
        }),
    ];

    private ImageFacts? Facts(string address)
    {
        if (!_seen.TryGetValue(address, out var facts))
            _seen[address] = facts = address.Length == 0 || placeholders.Pattern.IsMatch(address) ? null : surroundings.Image(address);
        return facts;
    }

    private static void Complain(ImageFacts facts, string address, Report report)
    {
        if (facts.Fault == ImageFault.Missing)
            report(Severity.Error, "image-missing", $"there is no image `{Excerpt.Of(address, 60)}`", "put the file into the folder images/ beside the issue, or write its whole address with https://");
        else if (facts.Fault == ImageFault.TooLarge)
            report(Severity.Error, "image-large", $"`{Excerpt.Of(address, 60)}` has {facts.Bytes:N0} octets, an image has at most {ImageFacts.MaxBytes:N0}", "make it smaller: twice the letter's width in pixels is enough, as JPEG or PNG");
        else
            report(Severity.Error, "image-kind", $"`{Excerpt.Of(address, 60)}` is no PNG, JPEG, GIF, WebP or SVG", "save it as PNG or JPEG");
    }

    private string Publish(ImageFacts facts, ReadOnlyMemory<byte> content, string address, Report report)
    {
        if (facts.MediaType == "image/svg+xml")
            report(Severity.Warning, "image-svg", $"`{Excerpt.Of(address, 60)}` is SVG, which most mail programs do not show", "save it as PNG, twice as large as it is shown");
        var image = IssueImage.Of(content, facts.MediaType, IsEmbedded(address));
        var before = _published.GetValueOrDefault(image.Hash);
        if (before is null || image.IsEmbedded && !before.IsEmbedded)
            Add(image, isNew: before is null, report);
        var shown = image.Address(site).AbsoluteUri;
        _shown[shown] = facts;
        return shown;
    }

    // Letter and page take the same images, and an image may stand in several places: only where one is added is it too much.
    private void Add(IssueImage image, bool isNew, Report report)
    {
        _published[image.Hash] = image;
        if (isNew && _published.Values.Sum(one => (long)one.Bytes) > MostPublished)
            report(Severity.Error, "images-large", $"the images up to here have more than {MostPublished:N0} octets together", "make them smaller, or show fewer");
        if (image.IsEmbedded && _published.Values.Where(one => one.IsEmbedded).Sum(one => (long)one.Bytes) > MostEmbedded)
            report(Severity.Error, "images-embedded-large", $"the embedded images up to here have more than {MostEmbedded:N0} octets together, and every letter carries them", "make them smaller, or publish them: leave `images: embed` out, or write #publish behind an address");
    }

    private bool IsEmbedded(string address) => address.EndsWith("#embed", StringComparison.Ordinal) || embedsAll && !address.EndsWith("#publish", StringComparison.Ordinal);

    private string? Absolute(string address) => Uri.TryCreate(pageUrl, address, out var whole) ? whole.AbsoluteUri : null;

    [GeneratedRegex("""(?<name>\s(?:src|background)=")(?<address>[^"]*)\x22""", RegexOptions.IgnoreCase)]
    private static partial Regex Source();
}
