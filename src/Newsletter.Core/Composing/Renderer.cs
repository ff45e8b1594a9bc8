using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Newsletter.Composing.Body;
using Newsletter.Inlining;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>From an issue to what is sent and shown. Same input, same bytes: no network, no clock, no disk.</summary>
public sealed partial class Renderer
{
    // The sheet is written for every issue, its classes are the theme's own: what this one has no use for is weight in every letter.
    private static readonly InlinerOptions Inlining = new() { DropUnusedClasses = true, DropUnusedRules = true };

    private readonly IssueFacts _facts;
    private readonly Issue _issue;
    private readonly Theme _theme;
    private readonly ThemeLook _look;
    private readonly Surroundings _surroundings;
    private readonly Pictures _pictures;
    private readonly ThemePictures _own;
    private readonly List<IssueProblem> _problems = [];
    private readonly Placeholders _placeholders;
    private readonly IReadOnlyList<Piece> _body;

    private Renderer(Issue issue, Publication publication, Theme theme, Surroundings surroundings)
    {
        (_issue, _theme, _surroundings) = (issue, theme, surroundings);
        _facts = new(issue, publication);
        _look = new(theme.Settings, _facts.Lang, _facts.Dir);
        _problems.AddRange(theme.Problems);
        _placeholders = new(issue.Body, issue.Subject, issue.Preheader, theme.Letter, theme.LetterStyle, theme.LetterText, theme.Page, theme.PageStyle, string.Concat(theme.Settings.Words.In(_facts.Lang)));
        _pictures = new(surroundings, _facts.WebUrl, _facts.Site, _placeholders, issue.EmbedsImages);
        _own = new(theme.Name, surroundings, _pictures, _problems);
        _facts = new(issue, publication) { Hero = Hero() };
        _body = LiquidChoices.Balanced(new LiquidScanner(issue.Body, issue.BodyLine, 1, _problems).Scan(), _problems);
    }

    /// <summary>Renders for mail and web. Never throws for anything an author writes: the result's problems say what is wrong.</summary>
    /// <param name="issue">What its author wrote.</param>
    /// <param name="publication">Whose issue it is.</param>
    /// <param name="theme">How it looks.</param>
    /// <param name="surroundings">What stands around it; <see cref="Surroundings.None"/> where nothing is known.</param>
    public static RenderedIssue Render(Issue issue, Publication publication, Theme theme, Surroundings surroundings) => new Renderer(issue, publication, theme, surroundings).Run();

    private RenderedIssue Run()
    {
        var mail = Part("mail");
        var web = Part("web");
        var (line, column) = PlaceOf("subject");
        var subject = Template.Read(_issue.Subject, Place.Header, mail.Constants, _problems, line, column);
        var (lineB, columnB) = PlaceOf("subject-b");
        var subjectB = _issue.SubjectB.Length > 0 ? Template.Read(_issue.SubjectB, Place.Header, mail.Constants, _problems, lineB, columnB) : null;
        var webBody = Settled(Finished(web, "issue-title"));
        var (html, text, page) = (Letter(mail), Text(mail), Page(web, webBody));
        return new()
        {
            Number = _issue.Number,
            Slug = _issue.Slug,
            Title = _issue.Title,
            Subtitle = _issue.Subtitle,
            Date = _issue.Date,
            Subject = subject,
            SubjectB = subjectB,
            Html = html,
            Text = text,
            Preheader = _issue.Preheader,
            WebHtml = page.Write(PersonalValues.Nobody),
            WebBody = new HtmlPlaces(webBody, _placeholders, []).Build(web.Constants).Write(PersonalValues.Nobody), // its problems are the page's
            WebUrl = _facts.WebUrl.AbsoluteUri,
            ReplyTo = _issue.ReplyTo,
            Lang = _facts.Lang,
            Images = _pictures.Published,
            Problems = [.. _problems.Distinct().OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)],
        };
    }

    private string Hero()
    {
        var at = _issue.FrontMatter["hero-img"];
        return _issue.HeroImage.Length == 0 ? "" : _pictures.Take(_issue.HeroImage, (severity, code, message, hint) => _problems.Add(new(at?.Line ?? 1, at?.Column ?? 1, severity, code, $"hero-img: {message}", hint)));
    }

    private BodyPart Part(string medium)
    {
        var constants = _facts.Constants(medium);
        var source = LiquidSource.Of(LiquidChoices.Decide(_body, constants), _issue.Body, _issue.BodyLine, _placeholders);
        var scope = new BodyScope
        {
            Medium = medium,
            PageUrl = _facts.WebUrl,
            Options = _issue.Markdown ?? _theme.Markdown,
            Lang = _facts.Lang,
            Number = _issue.Number,
            Date = _issue.Date,
            Surroundings = _surroundings,
            Placeholders = _placeholders,
            Constants = constants,
        };
        var found = new List<IssueProblem>();
        var document = IssueBody.Read(source.Text, source.Lines, scope, _pictures, found);
        _problems.AddRange(found.Select(problem => problem with { Column = source.ColumnOf(problem.Line, problem.Column), Message = _placeholders.Told(problem.Message) }));
        return BodyPart.Of(document, scope, _issue.Title);
    }

    private string Finished(BodyPart part, params string[] reservedIds)
    {
        var fragment = new HtmlFragment(_facts.WebUrl, _placeholders, _pictures, _theme.Settings, reservedIds);
        var html = fragment.Finish(BodyHtml.Write(part.Document, part.Scope), part.Shift);
        if (fragment.DroppedColour is { } colour && !_problems.Exists(problem => problem.Code == "colour-dropped"))
            _problems.Add(new(LineOf(colour), 1, Severity.Info, "colour-dropped", $"the text colour {Excerpt.Of(colour)} is left out, and others like it: black would be black in the dark too", "give the words a ground as well where the colour is meant"));
        return html;
    }

    // A colour that stands in a snippet is told at no line.
    private int LineOf(string colour) =>
        _issue.Body.IndexOf(colour, StringComparison.Ordinal) is >= 0 and var at ? _issue.BodyLine + _issue.Body.AsSpan(0, at).Count('\n') : 0;

    private Template Letter(BodyPart part)
    {
        var body = Finished(part);
        var constants = WithHero(part.Constants, body);
        var document = ThemePage.Write(_own.Settle(_theme.Letter, "letter.html"), new Dictionary<string, string>(Words(WebUtility.HtmlEncode, text => text))
        {
            ["content"] = Settled(body),
            ["style"] = _look.Sheet(_own.Settle(_theme.LetterStyle, "letter.css"), "letter.css", _problems),
            ["subject"] = Inserted(_issue.Subject, "subject", constants),
            ["preheader"] = Inserted(Preheader.Of(_issue, body, _placeholders), "preheader", constants),
        }, _look, constants, _placeholders, _problems, "letter.html");
        return _pictures.Embedded(new HtmlPlaces(Inliner.Inline(document, Inlining), _placeholders, _problems).Build(constants));
    }

    private Template Page(BodyPart part, string body)
    {
        var constants = WithHero(part.Constants, body);
        var inserts = new Dictionary<string, string>(Words(WebUtility.HtmlEncode, text => text)) { ["content"] = body, ["style"] = _look.Sheet(_own.Settle(_theme.PageStyle, "page.css"), "page.css", _problems) };
        var page = ThemePage.Write(_own.Settle(_theme.Page, "page.html"), inserts, _look, constants, _placeholders, _problems, "page.html");
        return new HtmlPlaces(page, _placeholders, _problems).Build(constants);
    }

    // A hero image that the text shows anyway is not shown twice.
    private Constants WithHero(Constants constants, string body)
    {
        var hero = constants.Find("issue.hero");
        var isShown = hero.Length == 0 || body.Contains($"src=\"{WebUtility.HtmlEncode(hero)}\"", StringComparison.Ordinal);
        var width = Math.Min(_pictures.FactsOf(hero)?.Width ?? int.MaxValue, _theme.Settings.ContentWidth);
        return constants.With("show_hero", _theme.Settings.ShowHero && !isShown ? "yes" : "").With("hero_width", width.ToString(CultureInfo.InvariantCulture));
    }

    private Template Text(BodyPart part)
    {
        var values = new TextValues(_placeholders, part.Constants);
        var body = TextBody.Write(part.Document, _facts.WebUrl, _placeholders, new(_issue.NumbersLinks ?? _theme.Settings.NumbersLinks, part.Constants.Find("dir") == "rtl", values), part.Shift);
        var words = Words(text => text, text => string.Join('\n', TextWrap.Lines(text, TextPage.Width, values)));
        var text = ThemePage.Write(_theme.LetterText, new Dictionary<string, string>(words) { ["content"] = Settled(body), ["header"] = IssueFacts.TextHeader(part.Constants) },
            _look, part.Constants, _placeholders, _problems, "letter.txt");
        var whole = WithoutEdges(text).Trim('\n') + "\n";
        return LiquidTree.Build(_placeholders.Read(whole, new TextPlaces(whole).PlaceOf), part.Constants, _problems);
    }

    // Markdown may have lost one of a choice's tags (in a code block's language, say): the others must not reach for those of the theme.
    private string Settled(string body) => _placeholders.Write(LiquidChoices.Balanced([.. _placeholders.Read(body, _ => Place.Html)], _problems)).Trim('\n');

    // A line that holds only tags of a choice is its edge: without it no blank lines stay where a branch is not taken.
    private string WithoutEdges(string text) => BlankRuns().Replace(Regex.Replace(text, $@"^[> ]*((?:{_placeholders.Pattern})+)\n+", match =>
        _placeholders.Pattern.Matches(match.Value).All(tag => _placeholders.TagOf(tag) is { Kind: not TagKind.Output }) ? match.Groups[1].Value : match.Value,
        RegexOptions.Multiline | RegexOptions.CultureInvariant), "\n\n");

    private string Inserted(string source, string key, Constants constants)
    {
        var (line, column) = PlaceOf(key);
        return _placeholders.Write(LiquidChoices.Decide(LiquidChoices.Balanced(new LiquidScanner(source, line, column, []).Scan(), []), constants).Select(piece => piece with { Text = WebUtility.HtmlEncode(piece.Text) }));
    }

    private Dictionary<string, string> Words(Func<string, string> shown, Func<string, string> laid) => _theme.Settings.Words.In(_facts.Lang).ToDictionary(
        words => words.Name, words => laid(_placeholders.Write(new LiquidScanner(words.Text, 1, 1, []).Scan().Select(piece => piece with { Text = shown(piece.Text) }))));

    private (int Line, int Column) PlaceOf(string key) => _issue.FrontMatter[key] is { } value ? (value.Line, value.Column) : (1, 1);

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex BlankRuns();
}
