using System.Text;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>What a theme's style sheets and documents know of the look: its settings, and the direction of the issue's writing.</summary>
/// <remarks>The values are of checked forms, so they stand as they are in a style sheet, an attribute or a conditional comment.</remarks>
internal sealed class ThemeLook
{
    private readonly Dictionary<string, string> _values;

    public ThemeLook(ThemeSettings settings, string lang, string dir)
    {
        var fonts = FontsOf.Language(lang);
        var fitted = settings with { Font = fonts.In(settings.Font), HeadingFont = fonts.In(settings.HeadingFont) };
        _values = ThemeKeys.Names(fitted).ToDictionary(pair => $"theme.{pair.Key}", pair => pair.Value);
        (_values["dir"], _values["start"], _values["end"]) = dir == "rtl" ? ("rtl", "right", "left") : ("ltr", "left", "right");
        (_values["words.lang"], _values["words.dir"]) = settings.Words.Speaks(lang) ? (lang, dir) : ("en", "ltr");
        Constants = new(_values);
    }

    /// <summary>For conditions.</summary>
    public Constants Constants { get; }

    /// <summary>The value of a name; null where it is none.</summary>
    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>A style sheet with its tags filled: <c>theme.NAME</c>, <c>dir</c>, <c>start</c>, <c>end</c> and choices between them; a style sheet takes no words of an issue.</summary>
    public string Sheet(string css, string file, ICollection<IssueProblem> problems)
    {
        var found = new List<IssueProblem>();
        var text = new StringBuilder(css.Length);
        foreach (var piece in LiquidChoices.Decide(LiquidChoices.Balanced(new LiquidScanner(css, 1, 1, found).Scan(), found), Constants))
            if (piece.Tag is not { } tag)
                text.Append(piece.Text);
            else if (tag.Kind == TagKind.Output && Find(tag.Name) is { } value)
                text.Append(value);
            else if (tag.Name.Length > 0)
                found.Add(new(tag.Line, tag.Column, Severity.Error, "name-unknown", $"`{tag.Name}` is no name that a style sheet knows", "use theme.NAME with a setting of docs/themes.md, dir, start or end"));
        foreach (var problem in found)
            problems.Add(ThemeProblem.At(file, problem));
        return text.ToString().Trim();
    }
}
