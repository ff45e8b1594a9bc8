using System.Text;
using System.Xml;
using System.Xml.Linq;
using Newsletter.Composing;

namespace Newsletter.Web;

/// <summary>The last issues whole, as Atom (RFC 4287). Everything is named by its absolute address, since a feed is read elsewhere.</summary>
internal sealed class Feed(Publication publication)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private string Base { get; } = publication.BaseUrl.TrimEnd('/');

    /// <summary>The document.</summary>
    /// <param name="issues">When each began to go out, and what; the newest first.</param>
    public string Write(IReadOnlyList<(DateTimeOffset At, RenderedIssue Issue)> issues) => $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{new XElement(Atom + "feed",
        new XAttribute(XNamespace.Xml + "lang", Fit(publication.Language)),
        Text("id", $"{Base}/"),
        Text("title", publication.Name),
        publication.Description.Length > 0 ? Text("subtitle", publication.Description) : null,
        Text("updated", Instant(issues.Count > 0 ? issues[0].At : DateTimeOffset.UnixEpoch)), // a feed must have one (§4.1.1), and before the first issue nothing happened
        new XElement(Atom + "author", Text("name", publication.FromName.Length > 0 ? publication.FromName : publication.Name)),
        Link("self", $"{Base}/feed.xml", "application/atom+xml"),
        Link("alternate", $"{Base}/", "text/html"),
        issues.Select(pair => Entry(pair.At, Published(pair.At, pair.Issue.Date), pair.Issue))).ToString(SaveOptions.DisableFormatting)}\n";

    private static XElement Entry(DateTimeOffset at, DateTimeOffset published, RenderedIssue issue) => new(Atom + "entry",
        new XAttribute(XNamespace.Xml + "lang", Fit(issue.Lang)),
        Text("id", issue.WebUrl),
        Text("title", issue.Title.Length > 0 ? issue.Title : issue.Slug),
        Text("published", Instant(published)),
        Text("updated", Instant(at)),
        Link("alternate", issue.WebUrl, "text/html"),
        issue.Subtitle.Length > 0 ? Text("summary", issue.Subtitle) : null,
        new XElement(Atom + "content", new XAttribute("type", "html"), new XAttribute(XNamespace.Xml + "base", issue.WebUrl), Fit(issue.WebBody)));

    // The issue's own day, which the letter and the page name; at noon where it is not the day on which it went out.
    private DateTimeOffset Published(DateTimeOffset at, DateOnly? date)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(publication.TimeZone);
        return date is not { } day || DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime) == day ? at
            : new(TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(new TimeOnly(12, 0)), zone), TimeSpan.Zero);
    }

    private static XElement Text(string name, string value) => new(Atom + name, Fit(value));

    private static XElement Link(string relation, string address, string type) =>
        new(Atom + "link", new XAttribute("rel", relation), new XAttribute("type", type), new XAttribute("href", address));

    private static string Instant(DateTimeOffset at) => XmlConvert.ToString(at.ToUniversalTime());

    /// <summary>Without what XML cannot hold in any writing (XML 1.0 §2.2): one stray control character of an author would take the whole feed away.</summary>
    private static string Fit(string text) => text.EnumerateRunes().All(IsXml) ? text
        : text.EnumerateRunes().Where(IsXml).Aggregate(new StringBuilder(), (fit, rune) => fit.Append(rune)).ToString();

    private static bool IsXml(Rune rune) => rune.Value is '\t' or '\n' or '\r' or >= ' ' and not (0xFFFE or 0xFFFF);
}
