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
        foreach (var link in manuscript.Links.Where(link => !link.IsBare && Target().IsMatch(link.Target))) // an address that shows itself is meant
            yield return manuscript.At(link.TargetOffset, "placeholder-link", $"the target `{Words.Short(link.Target)}` was to be filled in");
        foreach (var key in new[] { "title", "subject", "subtitle", "preheader" })
            if (manuscript.Issue.FrontMatter[key] is { } value && Placeholder().Match(value.Text) is { Success: true } match)
                yield return manuscript.AtKey(key, "placeholder", $"`{Words.Short(match.Value)}` was to be filled in");
    }

    [GeneratedRegex(@"(?<!\b(?:an?|the|my|your|our|their|every|each|any|no|old)\s)(?<![\w/-])(?:TODO|FIXME)\b(?!s|-| (?:list|item|comment|file|app|note|marker|tests)s?\b)|\b(?:TKTK|TBD)\b|(?<![\w/-])XXX+\b(?!s|-)|\bTK\b(?= |\.|,|\z)|\b[Ll]orem ipsum\b|"
        + @"\[(?i:TK|TBD|todo|placeholder|link(?: here)?|url|title|name|date|number(?: of [^\]\n]{1,40})?|insert [^\]\n]{1,40}|add [^\]\n]{1,40}|your [^\]\n]{1,40}|citation|(?:first|last|full)[ _]?name)\]|\{(?:(?:first|last|full)_?)?name\}|\{e?mail\}|(?<![""“'\w])(?<!\b(?:is|as|format|in)\s)YYYY-MM-DD\b|\b(?:XX XXX|DD MMM)\b|(?:\bXX|(?<=\s)\?\?)(?= (?:jobs|new|open|positions|people|readers|issues|entries|links)\b)|"
        + @"\|(?:FNAME|LNAME|EMAIL|UNSUB)\||%%[A-Za-z_]{3,30}%%|#(?:NN+|XX+|\?\?+)\b|(?<![\w?!])\?\?\?+|<(?:insert|todo|link|name)[^>\n]{0,40}>", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?:^|(?<=[\s.!?”)]))(?::wq?a?!?|:x|:q!?|ZZ)(?=\s|\z)|(?<=\w):wq!?(?=\n|\z)|\[(?:A|B|C|D)~(?=\s|\z)")]
    private static partial Regex Command();

    [GeneratedRegex(@"^(?:https?://?|url|(?:your|paste)[-_ ](?:url|link).*|(?:url|link|address)(?:[-_ ]?here)?|todo|tk|xxx+|tbd|…|\.{3,}|\?+|insert(?:[-_ ].*)?|add[-_ ].*here|https?://(?:example\.com|www\.example\.com|url(?:\.com)?|link|todo|xxx+|…|\.{3,}|your[-_.].*)/?)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Target();
}
