using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Which links lead to the publication itself, and to which of its issues.</summary>
internal static class OwnPages
{
    /// <summary>Whether a link leads to the publication's own host.</summary>
    public static bool IsOwn(Manuscript manuscript, Link link) => link.Web is { } web && Host(web) == Host(manuscript.Site);

    /// <summary>What a link to a page of an issue says behind the folder of issues; null for any other link.</summary>
    public static string? SlugOf(Manuscript manuscript, Link link)
    {
        if (!Uri.TryCreate(new Uri(manuscript.Rendered.WebUrl), link.Target.Trim(), out var whole) || !(whole.Scheme is "http" or "https") || Host(whole) != Host(manuscript.Site))
            return null;

        var folder = manuscript.Site.AbsolutePath + "issues/";
        return whole.AbsolutePath.StartsWith(folder, StringComparison.Ordinal) && whole.AbsolutePath[folder.Length..].TrimEnd('/') is { Length: > 0 } slug && !slug.Contains('/', StringComparison.Ordinal)
            && !slug.Contains('.', StringComparison.Ordinal)
            ? Uri.UnescapeDataString(slug)
            : null;
    }

    /// <summary>The issue that a link leads to; null where it leads to none that is known.</summary>
    public static IssueEntry? IssueOf(Manuscript manuscript, Link link) =>
        IssueLinks.IsOne(link.Target)
            ? IssueLinks.Parts(link.Target).Number is { } number ? manuscript.Surroundings.Issues.GetValueOrDefault(number) : null
            : SlugOf(manuscript, link) is { } slug ? manuscript.IssueBySlug(slug) : null;

    /// <summary>Without <c>www.</c>, in lower case.</summary>
    public static string Host(Uri address)
    {
        var host = address.Host.ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
    }
}
