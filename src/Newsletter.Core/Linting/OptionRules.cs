using System.Text.RegularExpressions;
using Markdig.Extensions.Emoji;
using Markdig.Extensions.Footnotes;
using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Footnotes, attribute lists and emoji: what looks like one where Markdown is not told to read it, and notes and their numbers that do not belong together.</summary>
internal static partial class OptionRules
{
    private static readonly IDictionary<string, string> Emoji = EmojiMapping.GetDefaultEmojiShortcodeToUnicode();

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var options = manuscript.Issue.Markdown ?? manuscript.Theme.Markdown;
        var passages = manuscript.Passages.Where(passage => passage.Block is not HtmlBlock).ToList(); // no option reads anything there
        var notes = Notes(manuscript);
        foreach (var problem in options.Footnotes ? Pairs(manuscript, passages, notes) : Seen("footnotes", Footnotes(passages, notes)))
            yield return problem;
        foreach (var problem in options.Attributes ? [] : Seen("attributes", Found(passages, AttributeList(), IsBehindSomething)))
            yield return problem;
        foreach (var problem in options.Emoji ? [] : Seen("emoji", Found(passages, Shortcode(), (_, match) => Emoji.ContainsKey(match.Value))))
            yield return problem;

        // One slip, however often it is seen.
        IEnumerable<IssueProblem> Seen(string option, IEnumerable<(int Offset, string Words)> found) =>
            found.Take(1).Select(one => manuscript.At(one.Offset, "option-off", $"`{Words.Short(one.Words)}` looks like one of the {option} that Markdown could read, and stays as it is", $"write `markdown: [{option}]` in the front matter, or a backslash before it"));
    }

    /// <summary>Lines that begin a note, outside of code and HTML.</summary>
    private static List<(int Offset, string Name)> Notes(Manuscript manuscript)
    {
        if (!manuscript.Body.Contains("[^", StringComparison.Ordinal))
            return [];
        var apart = manuscript.Tree.Descendants<LeafBlock>().Where(block => block is CodeBlock or HtmlBlock).Select(block => block.Span).ToList();
        return [.. Note().Matches(manuscript.Body).Select(match => (match.Groups[1].Index, match.Groups["name"].Value))
            .Where(note => !apart.Exists(span => span.Start <= note.Index && note.Index <= span.End))];
    }

    // A number in brackets with the mark of a note, or any name where a note of that name stands below.
    private static IEnumerable<(int, string)> Footnotes(List<Passage> passages, List<(int Offset, string Name)> notes) =>
        notes.Select(note => (note.Offset, $"[^{note.Name}]:")).Concat(Found(passages, Reference(), (_, match) => match.Groups["name"].Value.All(char.IsAsciiDigit))).OrderBy(one => one.Item1);

    private static IEnumerable<IssueProblem> Pairs(Manuscript manuscript, List<Passage> passages, List<(int Offset, string Name)> notes)
    {
        foreach (var (offset, words) in Found(passages, Reference(), (_, match) => !IsRange(match.Groups["name"].Value)))
            yield return manuscript.At(offset, "note-missing", $"`{Words.Short(words)}` has no note and stays visible");
        var used = manuscript.Tree.Descendants<FootnoteLink>().Select(link => link.Footnote.Label?.TrimStart('^') ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (offset, name) in notes.Where(note => !used.Contains(note.Name)))
            yield return manuscript.At(offset, "note-unused", $"nothing refers to the note `[^{Words.Short(name)}]`, and it is left out");
    }

    private static IEnumerable<(int Offset, string Words)> Found(List<Passage> passages, Regex form, Func<Passage, Match, bool> fits) =>
        from passage in passages
        from Match match in form.Matches(passage.Text)
        where fits(passage, match)
        select (passage.Offset(match.Index), match.Value);

    // Behind a link or image without a blank, or at the end of a paragraph or heading with one: there it would be read.
    private static bool IsBehindSomething(Passage passage, Match match) =>
        match.Index > 0 && (passage.Text[match.Index - 1] is Passage.Thing or ')' || IsLinkEnd(passage, match.Index) || char.IsWhiteSpace(passage.Text[match.Index - 1]) && passage.Text.AsSpan(match.Index + match.Length).Trim().IsEmpty);

    private static bool IsLinkEnd(Passage passage, int at) => passage.Block is LeafBlock { Inline: { } inline } && inline.Descendants<Markdig.Syntax.Inlines.LinkInline>().Any(link => link.Span.End + 1 == passage.Offset(at));

    // A set of signs as programs write it: [^a-z].
    private static bool IsRange(string name) => name is [_, '-', _];

    [GeneratedRegex(@"^ {0,3}(\[\^(?<name>[^\]\s]{1,60})\]:)", RegexOptions.Multiline)]
    private static partial Regex Note();

    [GeneratedRegex(@"(?<!\\)\[\^(?<name>[A-Za-z0-9_-]{1,60})\](?![(:])")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\{:?[ ]?(?:[.#][A-Za-z][\w-]*|(?:width|height|align|title|lang|style|class|id)=(?:""[^""\n]*""|[^\s}]+))(?:[ ]+(?:[.#][A-Za-z][\w-]*|[a-z-]+=(?:""[^""\n]*""|[^\s}]+)))*[ ]?\}")]
    private static partial Regex AttributeList();

    [GeneratedRegex(@"(?<![\w:]):[a-z0-9_+-]+:(?![\w:])")]
    private static partial Regex Shortcode();
}
