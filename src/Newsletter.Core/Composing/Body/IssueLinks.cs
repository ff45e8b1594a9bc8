using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>References to issues by number (<c>issue:149</c>, <c>issue:149#heading</c>) become the addresses of their pages.</summary>
internal sealed class IssueLinks(BodyScope scope, BodyProblems problems)
{
    public const string Scheme = "issue:";

    public static bool IsOne(string address) => address.TrimStart().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address as it is right in this medium; null, with a problem, where there is no such issue.</summary>
    /// <remarks>In the letter always absolute; on the issue's own page a heading of its own is <c>#heading</c>.</remarks>
    public string? Resolve(string address, Spot spot)
    {
        var (number, fragment) = Parts(address);
        if (number == scope.Number && number is not null)
            return !scope.IsMail && fragment.Length > 0 ? fragment : scope.PageUrl.AbsoluteUri + fragment;
        if (number is { } known && scope.Surroundings.Issues.TryGetValue(known, out var entry))
            return new Uri(scope.PageUrl, entry.Slug).AbsoluteUri + fragment;

        problems.Add(spot, Severity.Error, "issue-unknown", number is null ? $"`{Excerpt.Of(address)}` names no issue" : $"there is no issue {number}", "write the number of a file in issues/, such as issue:149");
        return null;
    }

    /// <summary>Makes the link's address, and its words where it has none: the issue's title.</summary>
    public void Resolve(LinkInline link, Spot spot)
    {
        var (number, _) = Parts(link.Url!);
        if (link.FirstChild is null && number is { } known)
            link.AppendChild(new LiteralInline(scope.Surroundings.Issues.TryGetValue(known, out var entry) && entry.Title.Length > 0 ? entry.Title : $"#{known}"));
        link.Url = Resolve(link.Url!, spot) ?? "";
    }

    /// <summary>The number, null where it is none; and the place within the issue with its <c>#</c>, or nothing.</summary>
    public static (int? Number, string Fragment) Parts(string address)
    {
        var text = address.Trim()[Scheme.Length..];
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var digits = (hash < 0 ? text : text[..hash]).Trim();
        return (digits.Length is > 0 and < 10 && digits.All(char.IsAsciiDigit) ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : null, hash < 0 || hash == text.Length - 1 ? "" : text[hash..]);
    }
}
