using System.Text;
using System.Text.RegularExpressions;
using Newsletter.Addresses;

namespace Newsletter.Composing;

/// <summary>The header fields that make a letter one of a list (RFC 2369, RFC 2919, RFC 8058, RFC 5064).</summary>
internal sealed partial class ListFields
{
    private readonly string shared;

    /// <exception cref="ArgumentException">The publication's List-Id is none.</exception>
    public ListFields(RenderedIssue issue, Publication publication, EmailAddress from)
    {
        var id = ListId(publication, from.Domain);
        var issueName = issue.Number is { } number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : issue.Slug;
        shared = string.Concat(
            HeaderText.Field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            HeaderText.Field("List-Id", $"{HeaderText.Phrase(publication.Name)} <{id}>".TrimStart()),
            HeaderText.Field("List-Archive", $"<{InAscii(publication.BaseUrl)}>"),
            HeaderText.Field("List-Help", $"<mailto:{from.Wire}?subject=help>"),
            HeaderText.Field("List-Owner", $"<mailto:{from.Wire}>"),
            HeaderText.Field("List-Post", "NO"),
            issue.WebUrl.Length > 0 ? HeaderText.Field("Archived-At", $"<{InAscii(issue.WebUrl)}>") : "",
            HeaderText.Field("Feedback-ID", $"{Token(issueName)}:{Token(id.Split('.')[0])}:newsletter:{SenderId(from.Domain)}"),
            HeaderText.Field("Precedence", "bulk")); // no standard, and still what keeps many auto-responders quiet
    }

    /// <summary>One https URI, then the mail form (RFC 8058 §3.1: one, and nothing else by http).</summary>
    /// <param name="url">The reader's one-click address.</param>
    /// <param name="mail">The reader's unsubscribe address.</param>
    public string For(string url, string mail) => string.Concat(
        HeaderText.Field("List-Unsubscribe", $"<{InAscii(url)}>, <mailto:{mail}?subject=unsubscribe>"),
        shared);

    private static string ListId(Publication publication, string domain)
    {
        var id = publication.ListId.Trim().Trim('<', '>');
        if (id.Length is 0)
            return $"{Slug(publication.Name)}.{domain}";
        return id.Length <= 255 && Identifier().IsMatch(id)
            ? id
            : throw new ArgumentException($"Publication:ListId '{id}' is no list identifier: write it like a domain name, news.example.org");
    }

    private static string Slug(string name) => NotSlug().Replace(name.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 and <= 63 } slug ? slug : "news";

    private static string Token(string text) => NotToken().Replace(text, "-");

    /// <summary>5 to 15 characters, the same for all we send (Gmail's feedback loop).</summary>
    private static string SenderId(string domain)
    {
        var id = $"{NotSlug().Replace(domain, "")}mail";
        return id.Length <= 15 ? id : id[..15];
    }

    /// <summary>List fields take URIs, and a URI is ASCII: names of hosts as A-labels, the rest percent-encoded.</summary>
    private static string InAscii(string url) =>
        Ascii.IsValid(url) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) ? url : new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)+$")]
    private static partial Regex Identifier();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotSlug();

    [GeneratedRegex("[^A-Za-z0-9_.-]+")]
    private static partial Regex NotToken();
}
