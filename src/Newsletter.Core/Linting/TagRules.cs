using System.Text.RegularExpressions;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Tags of HTML that are none and stay visible, and ids given twice. What is open or stray, rendering finds.</summary>
internal static partial class TagRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript) => manuscript.Passages.SelectMany(passage => Visible(manuscript, passage)).Concat(Ids(manuscript));

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

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*")]
    private static partial Regex Name();
}
