using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>A theme's <c>theme.yaml</c>, read. Whatever does not fit is a problem with its place, and the setting stays as the base has it.</summary>
internal sealed class ThemeFile
{
    private const string Name = "theme.yaml";
    private const int MostWords = 500;
    private readonly FrontMatter _keys;
    private readonly List<IssueProblem> _problems = [];

    private ThemeFile(string yaml)
    {
        var found = new List<IssueProblem>();
        _keys = FrontMatter.Read(yaml, 1, found) ?? FrontMatter.None;
        foreach (var problem in found)
            Report(problem.Line, problem.Column, problem.Code, problem.Message.Replace("the front matter", "the file", StringComparison.Ordinal), problem.Hint);
    }

    public IReadOnlyList<IssueProblem> Problems => _problems;

    public static ThemeFile Read(string? yaml) => new(yaml ?? "");

    /// <summary>The key <c>base</c>: the theme that comes with the program whose files and settings stand in for what is missing; null where none is named.</summary>
    public string? Base(IReadOnlyCollection<string> known)
    {
        if (_keys["base"] is not { Text.Length: > 0 } value)
            return null;
        if (known.Contains(value.Text))
            return value.Text;

        Report("base", value, $"`{Excerpt.Of(value.Text)}` is no theme that comes with the program", $"write {string.Join(" or ", known)}");
        return null;
    }

    /// <summary>The base's settings with what the file says.</summary>
    public ThemeSettings Settings(ThemeSettings over)
    {
        var settings = over;
        foreach (var name in _keys.Keys)
            if (name == "markdown")
                settings = settings with { Markdown = Markdown(_keys[name]!) };
            else if (ThemeKeys.All.FirstOrDefault(key => key.Name == name) is { } key)
                settings = With(settings, key, _keys[name]!);
            else if (ThemeWords.Keys.TryGetValue(name, out var with))
                settings = settings with { Words = with(settings.Words, Words(name, _keys[name]!)) };
            else if (name != "base")
                Report(_keys[name]!.Line, 1, "theme-key", $"`{Excerpt.Of(name)}` is no setting of a theme", "see docs/themes.md for the list");
        if (settings.ContentWidth >= 320)
            return settings;

        Report(_keys["margin"]?.Line ?? 1, 1, "theme-value", "margin: it leaves less than 320 pixels for the text", "make it smaller, or width larger");
        return settings with { Margin = over.Margin, Width = over.Width };
    }

    private ThemeSettings With(ThemeSettings settings, ThemeKey key, FrontMatterValue value)
    {
        if (key.Form.Read(value.Text.Trim()) is { } read)
            return key.With(settings, read);

        Report(key.Name, value, $"`{Excerpt.Of(value.Text)}` is no {key.Form.What}", key.Form.Hint);
        return settings;
    }

    private string Words(string key, FrontMatterValue value)
    {
        var found = new List<IssueProblem>();
        var pieces = LiquidChoices.Balanced(new LiquidScanner(value.Text.Trim(), 1, 1, found).Scan(), found).ToList();
        if (value.Text.Length <= MostWords && found.Count == 0 && !value.Text.Contains('\n', StringComparison.Ordinal)
            && pieces.TrueForAll(piece => piece.Tag is not { } tag || tag.Kind == TagKind.Output && (PersonalValues.Knows(tag.Name) || tag.Name is "publication.name" or "publication.url" or "web_url")))
            return value.Text.Trim();

        Report(key, value, $"`{Excerpt.Of(value.Text)}` is no sentence here", "write one line of text; it may hold {{ subscriber.email }}, {{ publication.name }} and other values of docs/personal-values.md");
        return "";
    }

    private MarkdownOptions Markdown(FrontMatterValue value) => MarkdownOptions.Of(
        value.Items.SelectMany(item => item.Split(',')).Select(item => item.Trim()).Where(item => item.Length > 0),
        name => Report("markdown", value, $"`{Excerpt.Of(name)}` is nothing that Markdown could understand", $"list any of {string.Join(", ", MarkdownOptions.Names)}"));

    private void Report(string key, FrontMatterValue value, string message, string hint) => Report(value.Line, value.Column, "theme-value", $"{key}: {message}", hint);

    private void Report(int line, int column, string code, string message, string hint) => _problems.Add(ThemeProblem.At(Name, new(line, column, Severity.Error, code, message, hint)));
}
