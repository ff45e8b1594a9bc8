using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>The order of headings, and lines that became one by accident.</summary>
internal static class HeadingRules
{
    private const int LongHeading = 120;

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var level = 1; // the title
        var isFirst = true;
        foreach (var heading in manuscript.Headings)
        {
            if (IsAccident(manuscript, heading))
            {
                yield return manuscript.At(heading.Offset, "rule-heading", $"the line below `{Words.Short(heading.Words)}` makes a heading of it");
                continue;
            }
            if (heading.Words.Length == 0)
                yield return manuscript.At(heading.Offset, "heading-empty", "a heading without words");
            if (heading.Level == 1 && manuscript.Issue.Title.Length > 0)
                yield return manuscript.At(heading.Offset, "heading-title", $"`{Words.Short(heading.Words)}` is of the title's level");
            else if (heading.Level > level + 1)
                yield return manuscript.At(heading.Offset, "heading-level", isFirst ? $"the first heading is of level {heading.Level}" : $"level {heading.Level} follows level {level}",
                    $"write {new string('#', level + 1)} before it");
            (level, isFirst) = (heading.Level, false);
        }
        foreach (var problem in manuscript.Passages.SelectMany(passage => Unspaced(manuscript, passage)))
            yield return problem;
    }

    // A rule needs an empty line above it: three dashes below a paragraph underline it. Who makes the line as long as the words means a heading.
    private static bool IsAccident(Manuscript manuscript, Heading heading) => heading.Underlined is '-' or '='
        && (heading.Words.Contains('\n', StringComparison.Ordinal) || heading.Words.Length > LongHeading || heading.Words is [Passage.Thing]
            || heading is { Underlined: '-', Words: [.., '.' or ',' or ';' or ':' or '!' or '?' or '…' or '”' or ')'] } && heading.Words.Contains(' ', StringComparison.Ordinal) && !IsUnderlinedWhole(manuscript.Body, heading.Offset));

    private static bool IsUnderlinedWhole(string body, int offset)
    {
        var lines = body[offset..Math.Min(body.Length, offset + 2 * LongHeading + 20)].Split('\n');
        return lines.Length > 1 && Math.Abs(lines[0].TrimEnd().Length - lines[1].Trim(' ', '>').Length) <= 1;
    }

    // `##Title`, or with a no-break blank, which comes with pasted text; one sign alone is a number or a word of other networks (#64, #hpc).
    private static IEnumerable<IssueProblem> Unspaced(Manuscript manuscript, Passage passage)
    {
        for (var at = 0; at >= 0 && at < passage.Text.Length; at = passage.Text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : -1)
        {
            var hashes = 0;
            while (at + hashes < passage.Text.Length && passage.Text[at + hashes] == '#')
                hashes++;
            if (hashes is >= 1 and <= 6 && at + hashes < passage.Text.Length && Begins(passage.Text[at + hashes], hashes) && manuscript.Body[passage.Offset(at)] == '#')
                yield return manuscript.At(passage.Offset(at), "heading-space", $"`{Words.Short(passage.Text[at..Math.Min(passage.Text.Length, at + 30)])}` is no heading without a blank");
        }
    }

    private static bool Begins(char sign, int hashes) => sign == '\u00A0' || hashes > 1 && (char.IsLetterOrDigit(sign) || sign is '“' or '"');
}
