using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>What was to be filled in and was not, and commands of the editor typed into the text.</summary>
internal static partial class PlaceholderRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        foreach (var passage in manuscript.Passages)
        {
            foreach (Match match in Placeholder().Matches(passage.Text))
                yield return manuscript.At(passage.Offset(match.Index), "placeholder", $"`{Words.Short(match.Value)}` was to be filled in");
            foreach (Match match in Command().Matches(passage.Text))
                yield return manuscript.At(passage.Offset(match.Index), "editor-command", $"`{match.Value.Trim()}` is a command of an editor");
        }
        foreach (var link in manuscript.Links.Where(link => Target().IsMatch(link.Target)))
            yield return manuscript.At(link.TargetOffset, "placeholder-link", $"the target `{Words.Short(link.Target)}` was to be filled in");
        foreach (var key in new[] { "title", "subject", "subtitle", "preheader" })
            if (manuscript.Issue.FrontMatter[key] is { } value && Placeholder().Match(value.Text) is { Success: true } match)
                yield return manuscript.AtKey(key, "placeholder", $"`{Words.Short(match.Value)}` was to be filled in");
    }

    [GeneratedRegex(@"\b(?:TODO|FIXME|TKTK|TBD|XXX+)\b(?!s)|\bTK\b(?= |\.|,|\z)|\b[Ll]orem ipsum\b|\[(?:TK|todo|link|url|title|name|date|number|insert [^\]\n]{1,40}|add [^\]\n]{1,40}|your [^\]\n]{1,40}|citation)\]|\b(?:YYYY-MM-DD|XX XXX|DD MMM)\b|#(?:NN+|XX+|\?\?+)\b|\?\?\?+|<(?:insert|todo|link|name)[^>\n]{0,40}>", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?:^|(?<=[\s.!?”)]))(?::wq?!?|:x|:q!?|ZZ)(?=\s|\z)|(?<=\w):wq!?(?=\n|\z)|\[(?:A|B|C|D)~(?=\s|\z)")]
    private static partial Regex Command();

    [GeneratedRegex(@"^(?:https?://?|url|link|todo|tk|xxx+|tbd|insert.*|add.*here|https?://(?:example\.com|www\.example\.com|url|link|todo|xxx+)/?)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Target();
}
