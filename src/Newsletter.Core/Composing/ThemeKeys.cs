using System.Globalization;

namespace Newsletter.Composing;

/// <summary>A key of <c>theme.yaml</c> with one value. Files know it as <c>theme.NAME</c>, hyphens written as underscores.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Form">What its value must be.</param>
/// <param name="Get">The value as files get it.</param>
/// <param name="With">The settings with this value, which has the form.</param>
internal sealed record ThemeKey(string Name, ThemeValue Form, Func<ThemeSettings, string> Get, Func<ThemeSettings, string, ThemeSettings> With);

/// <summary>The keys of <c>theme.yaml</c>, all but <c>base</c> and <c>markdown</c>.</summary>
internal static class ThemeKeys
{
    public static IReadOnlyList<ThemeKey> All { get; } =
    [
        new("width", ThemeValue.Pixels(400, 700), s => Number(s.Width), (s, v) => s with { Width = Pixels(v) }),
        new("margin", ThemeValue.Pixels(0, 80), s => Number(s.Margin), (s, v) => s with { Margin = Pixels(v) }),
        new("hero", ThemeValue.OneOf("show", "hide"), s => s.ShowHero ? "show" : "hide", (s, v) => s with { ShowHero = v == "show" }),
        new("links", ThemeValue.OneOf("colour", "text"), s => s.ColouredLinks ? "colour" : "text", (s, v) => s with { ColouredLinks = v == "colour" }),
        new("text-links", ThemeValue.OneOf("inline", "numbered"), s => s.NumbersLinks ? "numbered" : "inline", (s, v) => s with { NumbersLinks = v == "numbered" }),
        new("font", ThemeValue.Fonts, s => s.Font, (s, v) => s with { Font = v }),
        new("heading-font", ThemeValue.FontsOrNone, s => s.HeadingFont, (s, v) => s with { HeadingFont = v }),
        new("code-font", ThemeValue.Fonts, s => s.CodeFont, (s, v) => s with { CodeFont = v }),
        .. Colours("", s => s.Light, (s, c) => s with { Light = c }),
        .. Colours("dark-", s => s.Dark, (s, c) => s with { Dark = c }),
    ];

    /// <summary>The names and values that files of a theme know, without the <c>theme.</c> before them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Names(ThemeSettings settings) =>
    [
        .. All.Select(key => KeyValuePair.Create(key.Name.Replace('-', '_'), key.Get(settings))),
        new("content_width", Number(settings.ContentWidth)),
        new("word_font", WordFont(settings.Font)),
        new("link", settings.ColouredLinks ? settings.Light.Accent : settings.Light.Text),
        new("dark_link", settings.ColouredLinks ? settings.Dark.Accent : settings.Dark.Text),
    ];

    private static ThemeKey[] Colours(string before, Func<ThemeSettings, ThemeColours> get, Func<ThemeSettings, ThemeColours, ThemeSettings> with)
    {
        return
        [
            Key("ground", c => c.Ground, (c, v) => c with { Ground = v }),
            Key("paper", c => c.Paper, (c, v) => c with { Paper = v }),
            Key("text", c => c.Text, (c, v) => c with { Text = v }),
            Key("quiet", c => c.Quiet, (c, v) => c with { Quiet = v }),
            Key("line", c => c.Line, (c, v) => c with { Line = v }),
            Key("soft", c => c.Soft, (c, v) => c with { Soft = v }),
            Key("accent", c => c.Accent, (c, v) => c with { Accent = v }),
            Key("on-accent", c => c.OnAccent, (c, v) => c with { OnAccent = v }),
        ];

        ThemeKey Key(string name, Func<ThemeColours, string> one, Func<ThemeColours, string, ThemeColours> set) =>
            new(before + name, ThemeValue.Colour, s => one(get(s)), (s, v) => with(s, set(get(s), v)));
    }

    // Word takes the first name of a list that it knows by its own lights, and Times where that fails: it gets one that every Windows has.
    private static string WordFont(string families) =>
        families.EndsWith("sans-serif", StringComparison.Ordinal) ? "Arial,sans-serif" : families.EndsWith("serif", StringComparison.Ordinal) ? "Georgia,serif" : "'Courier New',monospace";

    private static int Pixels(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
