using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>What the law asks of every letter (CAN-SPAM §7704, ePrivacy 2002/58/EC article 13): a way out, and where the sender is to be found.</summary>
internal static class DutyRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var words = manuscript.Letter.Body?.TextContent ?? "";
        var leads = manuscript.Letter.QuerySelectorAll("a[href]").Any(link => link.GetAttribute("href") == Manuscript.SampleUnsubscribeUrl);
        if (!leads && !words.Contains(Manuscript.SampleUnsubscribeUrl, StringComparison.Ordinal))
            yield return Manuscript.Whole("unsubscribe-missing", $"the letter of the theme {manuscript.Theme.Name} has no link to unsubscribe");
        if (!Plain(words).Contains(Plain(manuscript.Publication.PostalAddress), StringComparison.Ordinal))
            yield return Manuscript.Whole("postal-missing", $"the letter of the theme {manuscript.Theme.Name} does not say the publication's postal address");
    }

    // Line ends, commas and capitals are the theme's.
    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
