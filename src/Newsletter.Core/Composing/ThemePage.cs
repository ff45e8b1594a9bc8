using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>A theme's file with the issue put into it; personal values are placeholders still.</summary>
internal static class ThemePage
{
    /// <param name="source">The file's text.</param>
    /// <param name="inserts">Names whose text goes in as it is: made for this place already.</param>
    /// <param name="look">The theme's settings, which go in as they are.</param>
    /// <param name="constants">Names with one value for all readers.</param>
    /// <param name="placeholders">Takes what is personal, and the constants, whose place is known only at the end.</param>
    /// <param name="problems">What the theme does wrong, named as the theme's.</param>
    /// <param name="file">The file's name.</param>
    public static string Write(
        string source, IReadOnlyDictionary<string, string> inserts, ThemeLook look, Constants constants, Placeholders placeholders, ICollection<IssueProblem> problems, string file)
    {
        var found = new List<IssueProblem>();
        var kept = new List<Piece>();
        var known = constants.With(look.Constants);
        if (file.EndsWith(".html", StringComparison.Ordinal))
            LookForTagsOutsideOfQuotes(source, inserts, look, found);
        foreach (var piece in LiquidChoices.Decide(LiquidChoices.Balanced(new LiquidScanner(source, 1, 1, found).Scan(), found), known))
            if (piece.Tag is not { } tag)
                kept.Add(piece);
            else if (tag.Kind == TagKind.Output && (inserts.GetValueOrDefault(tag.Name) ?? look.Find(tag.Name)) is { } text)
                kept.Add(new(text, null, piece.Offset));
            else if (tag.Name.Length == 0 || constants.Knows(tag.Name) || PersonalValues.Knows(tag.Name))
                kept.Add(piece with { Tag = tag with { Line = 0, Column = 0 } });
            else
                found.Add(new(tag.Line, tag.Column, Severity.Error, "name-unknown", $"`{tag.Name}` is no name that a theme knows", "see docs/personal-values.md and docs/themes.md"));

        foreach (var problem in found)
            problems.Add(ThemeProblem.At(file, problem));
        return placeholders.Write(kept);
    }

    private static void LookForTagsOutsideOfQuotes(string source, IReadOnlyDictionary<string, string> inserts, ThemeLook look, List<IssueProblem> found)
    {
        var markup = new ThemeMarkup();
        foreach (var piece in new LiquidScanner(source, 1, 1, []).Scan())
            if (piece.Tag is not { } tag)
                markup.Pass(piece.Text);
            else if (tag.Kind == TagKind.Output)
            {
                if (markup.Trouble() is { } trouble && !inserts.ContainsKey(tag.Name) && look.Find(tag.Name) is null && tag.Name is not "hero_width")
                    found.Add(new(tag.Line, tag.Column, Severity.Error, "tag-unquoted", $"`{tag.Name}` {trouble}", "put it into the text, or into an attribute in double quotes; a style takes theme.NAME only"));
                markup.PassTag();
            }
    }
}
