using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>What an issue and its publication say to themes and tags; the same for all readers.</summary>
internal sealed partial class IssueFacts(Issue issue, Publication publication)
{
    private static readonly string[] RightToLeft = ["ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"];

    /// <summary>BCP 47.</summary>
    public string Lang { get; } = issue.Lang.Length > 0 ? issue.Lang : publication.Language.Length > 0 ? publication.Language : "en";

    /// <summary>Which way its writing runs: <c>ltr</c> or <c>rtl</c>.</summary>
    public string Dir => RightToLeft.Contains(Lang.Split('-')[0].ToLowerInvariant()) ? "rtl" : "ltr";

    /// <summary>The page of the issue in the archive.</summary>
    public Uri WebUrl => new(Site, $"issues/{issue.Slug}");

    /// <summary>The publication's address, ending with a slash.</summary>
    public Uri Site { get; } = new(publication.BaseUrl.TrimEnd('/') + "/");

    /// <summary>The absolute address of the issue's hero image; empty where it has none.</summary>
    public string Hero { get; init; } = issue.HeroImage;

    /// <summary>All names of one value.</summary>
    public Dictionary<string, string> Names(string medium)
    {
        var names = issue.FrontMatter.Keys.ToDictionary(key => $"issue.{key}", key => issue.FrontMatter[key]!.Text);
        names["issue.title"] = issue.Title;
        names["issue.subtitle"] = issue.Subtitle;
        names["issue.number"] = issue.Number?.ToString(CultureInfo.InvariantCulture) ?? "";
        names["issue.date"] = issue.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
        names["issue.authors"] = string.Join(", ", issue.Authors);
        names["issue.tags"] = string.Join(", ", issue.Tags);
        names["issue.hero"] = Hero.Length > 0 && Uri.TryCreate(WebUrl, Hero, out var hero) ? hero.AbsoluteUri : "";
        names["issue.hero_alt"] = issue.FrontMatter["hero-alt"]?.Text ?? "";
        names["publication.name"] = publication.Name;
        names["publication.description"] = publication.Description;
        names["publication.url"] = publication.BaseUrl.TrimEnd('/');
        names["publication.postal_address"] = string.Join(", ", publication.PostalAddress.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        names["web_url"] = WebUrl.AbsoluteUri;
        names["canonical"] = issue.Canonical.Length > 0 ? issue.Canonical : WebUrl.AbsoluteUri;
        names["lang"] = Lang;
        names["dir"] = Dir;
        names["dateline"] = Dateline();
        names["date"] = issue.Date is { } date ? IssueDates.Text(date, Lang) : "";
        names["medium"] = medium;
        var known = new Constants(new Dictionary<string, string>(names));
        names["description"] = issue.Subtitle.Length > 0 ? issue.Subtitle : issue.Preheader.Length > 0 ? ForNobody(issue.Preheader, known) : publication.Description;
        names["heading"] = issue.Title.Length > 0 ? issue.Title : ForNobody(issue.Subject, known);
        return names;
    }

    // Their problems are told where the letter has them.
    private static string ForNobody(string source, Constants known) => Template.Read(source, Place.Text, known, []).Write(PersonalValues.Nobody);

    /// <summary>Number and date, each only where the title does not say it, and who wrote it: <c>#149 · 10 December 2022 · Ada Lovelace</c>; may be empty.</summary>
    private string Dateline()
    {
        var words = WordsOf(issue.Title.Length > 0 ? issue.Title : issue.Subject);
        string[] parts =
        [
            issue.Number is { } number && !words.Contains(number) ? string.Create(CultureInfo.InvariantCulture, $"#{number}") : "",
            issue.Date is { } date && !(words.Contains(date.Year) && words.Contains(date.Day)) ? IssueDates.Text(date, Lang) : "",
            string.Join(", ", issue.Authors),
        ];
        return string.Join(" · ", parts.Where(part => part.Length > 0));
    }

    private static HashSet<int> WordsOf(string title) =>
        [.. Numbers().Matches(title).Select(match => int.TryParse(match.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)];

    /// <summary>Without what only the body's own headings decide.</summary>
    public Constants Constants(string medium) => new(Names(medium));

    /// <summary>Title and subtitle as plain text; empty where the body has its own title.</summary>
    public static string TextHeader(Constants constants)
    {
        if (constants.Find("show_title").Length == 0)
            return "";

        var lines = TextBody.Heading(constants.Find("heading"), 1, TextPage.Width).ToList();
        if (constants.Find("issue.subtitle") is { Length: > 0 } subtitle)
            lines.AddRange(["", .. TextWrap.Lines(subtitle, TextPage.Width)]);
        return string.Join('\n', lines);
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
