using System.Text.RegularExpressions;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>A reader's values where nothing stands for those who have none: a hole in a sentence, or a link to nowhere.</summary>
internal static partial class ValueRules
{
    private const int Before = 300;

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var issue = manuscript.Issue;
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in Open(issue.FrontMatter["subject"]?.Text).Where(value => said.Add(value.Name)))
            yield return manuscript.AtKey("subject", "value-default", $"`{name}` is empty for readers who have none");
        foreach (var (name, _) in Open(issue.FrontMatter["preheader"]?.Text).Where(value => said.Add(value.Name)))
            yield return manuscript.AtKey("preheader", "value-default", $"`{name}` is empty for readers who have none");
        foreach (var (name, offset) in Open(issue.Body))
            if (IsWholeTarget(issue.Body, offset))
                yield return manuscript.At(offset, "link-default", $"the link leads nowhere for readers whose `{name}` is empty");
            else if (name != "preferences_url" && !IsWithin(issue.Body, offset) && said.Add(name))
                yield return manuscript.At(offset, "value-default", $"`{name}` is empty for readers who have none");
    }

    /// <summary>Values that may be empty, without a default and outside of a choice that asks for them.</summary>
    private static IEnumerable<(string Name, int Offset)> Open(string? source)
    {
        var asked = new Stack<Condition>();
        foreach (var piece in source?.Contains('{', StringComparison.Ordinal) == true ? new LiquidScanner(source, 1, 1, []).Scan() : [])
            if (piece.Tag is { Kind: TagKind.Output, Default: "" } tag && MayBeEmpty(tag.Name) && !asked.Any(when => IsSet(when, tag.Name)))
                yield return (tag.Name, piece.Offset);
            else if (piece.Tag is { Kind: TagKind.If } first)
                asked.Push(first.When);
            else if (piece.Tag is { Kind: TagKind.Elsif } next && asked.TryPop(out _))
                asked.Push(next.When);
            else if (piece.Tag is { Kind: TagKind.Else } && asked.TryPop(out var failed))
                asked.Push(failed with { Not = !failed.Not });
            else if (piece.Tag is { Kind: TagKind.Endif })
                asked.TryPop(out _);
    }

    private static bool MayBeEmpty(string name) => name is "subscriber.name" or "preferences_url" || name.StartsWith("subscriber.fields.", StringComparison.Ordinal);

    // `{% if name %}`, `{% if name == "x" %}`, `{% if name != "" %}`, and what stands behind the else of their opposites.
    private static bool IsSet(Condition when, string name) => when.Name == name && (when.Value is null or "" ? when.Not == (when.Value is not null) : !when.Not);

    private static bool IsWholeTarget(string body, int offset)
    {
        var end = body.IndexOf("}}", offset, StringComparison.Ordinal) + 2;
        return WholeBefore().IsMatch(body[Math.Max(0, offset - Before)..offset]) && (end >= body.Length || body[end] is ')' or '>' or '"' or '\'' or ' ' or '\n');
    }

    // A part of an address, or of an attribute: it may be empty there.
    private static bool IsWithin(string body, int offset) => Within().IsMatch(body[Math.Max(0, offset - Before)..offset]);

    [GeneratedRegex(@"(?:\]\(<?|<a\b[^<>]*\bhref\s*=\s*[""']?)\z", RegexOptions.IgnoreCase)]
    private static partial Regex WholeBefore();

    [GeneratedRegex(@"(?:\]\(<?[^\s()<>]*|<[A-Za-z][^<>]*)\z")]
    private static partial Regex Within();
}
