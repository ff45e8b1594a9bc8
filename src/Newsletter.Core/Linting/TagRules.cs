using System.Text.RegularExpressions;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Tags of HTML that are none and stay visible, and ids given twice. What is open or stray, rendering finds.</summary>
internal static partial class TagRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript) => manuscript.Passages.SelectMany(passage => Visible(manuscript, passage).Concat(Entities(manuscript, passage))).Concat(Ids(manuscript));

    // `<br/.>`, `< br>`, `</ b>`; not `vector<int>`, not `a < b`, and not what was escaped.
    private static IEnumerable<IssueProblem> Visible(Manuscript manuscript, Passage passage)
    {
        foreach (Match match in Broken().Matches(passage.Text))
        {
            var offset = passage.Offset(match.Index);
            var text = match.Value;
            var name = Name().Match(text).Value.ToLowerInvariant();
            if (manuscript.Body[offset] == '<' && (offset == 0 || manuscript.Body[offset - 1] != '\\') && HtmlRules.Elements.Contains(name) && (name.Length > 1 || text.Contains('/', StringComparison.Ordinal)))
                yield return manuscript.At(offset, "html-visible", $"`{Words.Short(text)}` is no tag and stays visible");
        }
    }

    // `&nbps;`, which HTML does not know; not `&amp;nbsp;`, which is meant to be seen.
    private static IEnumerable<IssueProblem> Entities(Manuscript manuscript, Passage passage) =>
        from match in Entity().Matches(passage.Text)
        let offset = passage.Offset(match.Index)
        where string.CompareOrdinal(manuscript.Body, offset, match.Value, 0, match.Length) == 0 && (offset == 0 || manuscript.Body[offset - 1] != '\\')
        select manuscript.At(offset, "html-visible", $"`{match.Value}` is no sign that HTML knows and stays visible");

    private static IEnumerable<IssueProblem> Ids(Manuscript manuscript)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var use in manuscript.Tags.Where(use => use.Tag.Kind == RawKind.Start))
            if ((use.Tag["id"] ?? (use.Tag.Name == "a" ? use.Tag["name"] : null)) is { } id)
            {
                if (id.StartsWith('#'))
                    yield return manuscript.At(use.Offset, "anchor-hash", $"the id `{Words.Short(id)}` is written with #");
                if (!seen.Add(id.TrimStart('#')))
                    yield return manuscript.At(use.Offset, "anchor-twice", $"the id `{Words.Short(id)}` is there already");
            }
    }

    [GeneratedRegex(@"<(?: ?/? ?)[A-Za-z][A-Za-z0-9]{0,11}(?: ?/?[.,;]? ?)>")]
    private static partial Regex Broken();

    [GeneratedRegex("&[a-z]{2,12};")]
    private static partial Regex Entity();

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*")]
    private static partial Regex Name();
}
