using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>The publication's own addresses: mistyped, or of an issue that is not there.</summary>
internal static class OwnAddressRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var site = OwnPages.Host(manuscript.Site);
        var mailboxes = Mailboxes(manuscript.Publication).ToList();
        foreach (var link in manuscript.Links.Where(link => !link.IsPersonal))
        {
            if (link.Web is { } web && IsMistyped(OwnPages.Host(web), site))
                yield return manuscript.At(link.TargetOffset, "own-mistyped", $"`{web.Host}` is nearly our own `{manuscript.Site.Host}`");
            else if (OwnPages.SlugOf(manuscript, link) is { } slug && manuscript.Surroundings.Issues.Count > 0 && slug != manuscript.Issue.Slug && manuscript.IssueBySlug(slug) is null)
                yield return manuscript.At(link.TargetOffset, "own-dead", $"there is no issue `{Words.Short(slug)}`");
            else if (link.Target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) && link.Target["mailto:".Length..].Split('?')[0].ToLowerInvariant() is var mailbox
                     && mailboxes.Find(own => IsMistypedMailbox(mailbox, own)) is { } own && !mailboxes.Contains(mailbox))
                yield return manuscript.At(link.TargetOffset, "own-mistyped", $"`{Words.Short(mailbox)}` is nearly our own `{own}`");
        }
    }

    private static IEnumerable<string> Mailboxes(Publication publication) =>
        new[] { publication.FromAddress, publication.ReplyTo, publication.EditorAddress }.Where(address => address.Length > 0).Select(address => address.ToLowerInvariant()).Distinct();

    // Hosts of the same publisher may differ in a number or an s: only what is long enough to be a name of its own.
    private static bool IsMistyped(string host, string own) => host != own && own.Length >= 8
        && (Spelling.Distance(host, own, 2) <= (own.Length >= 12 ? 2 : 1) || host.Replace("-", "", StringComparison.Ordinal) == own.Replace("-", "", StringComparison.Ordinal)
            || Label(host) == Label(own) && Label(own).Length >= 10);

    private static string Label(string host) => host.Split('.') is [.., var name, _] ? name : host;

    private static bool IsMistypedMailbox(string mailbox, string own) =>
        mailbox != own && own.Length >= 8 && Spelling.Distance(mailbox, own, 2) <= 2
        && (mailbox.Split('@') is not [var local, var domain] || own.Split('@') is not [var ownLocal, var ownDomain] || domain != ownDomain || Spelling.Distance(local, ownLocal, 1) == 1 && local.Length > 4);
}
