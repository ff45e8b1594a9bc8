using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Newsletter.Issues;

/// <summary>A value of the front matter: its words, or the items of a list.</summary>
/// <param name="Text">Unquoted and unfolded, never turned into a number or date; a list's items with commas between.</param>
/// <param name="Items">A list's items; for a single value that value, for an empty one nothing.</param>
/// <param name="Line">In the file, from 1.</param>
/// <param name="Column">From 1.</param>
public sealed record FrontMatterValue(string Text, IReadOnlyList<string> Items, int Line, int Column);

/// <summary>The YAML (1.2) between the two <c>---</c> lines: keys and words. No value is turned into anything else here.</summary>
public sealed partial class FrontMatter
{
    /// <summary>How deep values may stand in each other.</summary>
    internal const int MaxDepth = 20;

    private readonly Dictionary<string, FrontMatterValue> _values = new(StringComparer.Ordinal);

    private FrontMatter() { }

    /// <summary>Of a file that has none.</summary>
    public static FrontMatter None { get; } = new();

    /// <summary>The keys in the order of the file.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Null for a key that is not there.</summary>
    public FrontMatterValue? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Null where the text is no YAML or no list of keys; the problems say where.</summary>
    /// <param name="yaml">Without the fences.</param>
    /// <param name="firstLine">The line of the file at which <paramref name="yaml"/> begins.</param>
    /// <param name="problems">Where the slips are added to.</param>
    internal static FrontMatter? Read(string yaml, int firstLine, ICollection<IssueProblem> problems)
    {
        var matter = new FrontMatter();
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return matter;
            parser.Consume<DocumentStart>();
            return matter.ReadKeys(parser, firstLine, problems) ? matter : null;
        }
        catch (YamlException e)
        {
            problems.Add(Broken(e, yaml, firstLine));
            return null;
        }
        catch (InvalidOperationException) // YamlDotNet 18.1 of its own state, where words follow the end of a document ("...") and are no YAML
        {
            problems.Add(OpenBracket(yaml.Split('\n'), firstLine) ?? new(firstLine, 1, Severity.Error, "front-matter-invalid", "the front matter is no YAML", "write each line as `key: value`"));
            return null;
        }
    }

    private bool ReadKeys(Parser parser, int firstLine, ICollection<IssueProblem> problems)
    {
        if (!parser.TryConsume<MappingStart>(out _))
        {
            if (parser.Accept<Scalar>(out var only) && only.Value.Length == 0)
                return true; // nothing but comments
            problems.Add(new(firstLine, 1, Severity.Error, "front-matter-invalid", "the front matter is no list of keys", "write each line as `key: value`"));
            return false;
        }

        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var mark = parser.Current!.Start;
            var key = ReadValue(parser, firstLine, MaxDepth).Text;
            var value = ReadValue(parser, firstLine, MaxDepth);
            if (!_values.TryAdd(key, value))
                problems.Add(new(Line(mark, firstLine), (int)mark.Column, Severity.Error, "key-twice",
                    $"the key `{key}` is there already, in line {_values[key].Line}", "keep one of the two"));
        }
        return true;
    }

    /// <summary>Reads the value at which a parser stands. Maps inside of it are kept as their words.</summary>
    /// <exception cref="YamlException">It is no YAML, or nested too deeply.</exception>
    // Recursion ends at the given depth; the parser itself has no such bound that we could set.
    internal static FrontMatterValue ReadValue(Parser parser, int firstLine, int depth)
    {
        var mark = parser.Current!.Start;
        if (depth == 0)
            throw new YamlException(mark, mark, "values are nested too deeply");

        var (line, column) = (Line(mark, firstLine), (int)mark.Column);
        if (parser.TryConsume<Scalar>(out var scalar))
            return new(scalar.Value, scalar.Value.Length > 0 ? [scalar.Value] : [], line, column);
        if (parser.TryConsume<AnchorAlias>(out _))
            throw new YamlException(mark, mark, "references (`*name`) are not read here; put the value in quotes");

        var items = new List<string>();
        if (parser.TryConsume<SequenceStart>(out _))
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadValue(parser, firstLine, depth - 1).Text);
        else
            for (parser.Consume<MappingStart>(); !parser.TryConsume<MappingEnd>(out _);)
                items.Add($"{ReadValue(parser, firstLine, depth - 1).Text}: {ReadValue(parser, firstLine, depth - 1).Text}");
        return new(string.Join(", ", items), items, line, column);
    }

    // The parser names the place where it gave up; what a person did wrong is as a rule a key without colon, or a colon without quotes.
    private static IssueProblem Broken(YamlException e, string yaml, int firstLine)
    {
        var lines = yaml.Split('\n');
        var at = Math.Clamp((int)e.Start.Line - 1, 0, lines.Length - 1);
        for (var i = 0; i <= at; i++)
            if (LacksColon(lines[i]))
                return new(firstLine + i, lines[i].Length + 1, Severity.Error, "key-colon", $"`{Short(lines[i])}` has no colon after its key", "write `key: value`, with a blank behind the colon");

        if (OpenQuote(lines) is (>= 0 and var open, var sign))
            return new(firstLine + open, lines[open].IndexOf(sign, StringComparison.Ordinal) + 1, Severity.Error, "front-matter-invalid", $"the front matter is no YAML: a quote is opened in line {firstLine + open} and not closed", $"write {sign} at the value's end; within double quotes a quote is `\\\"`");

        if (OpenBracket(lines, firstLine) is { } bracket)
            return bracket;

        var reason = e.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return new(firstLine + at, (int)e.Start.Column, Severity.Error, "front-matter-invalid", $"the front matter is no YAML: {reason}",
            "put a value that holds `: `, `#` or quotes in double quotes, and write `\\\"` for a quote inside");
    }

    // `subtitle "some: words"`, `date 2024-05-20`, `status:ready`; but not the second line of a quoted value, which begins in lower case as well: hence only keys we know.
    private static bool LacksColon(string line) =>
        Array.Exists(IssueFields.Keys, key => line.StartsWith(key, StringComparison.Ordinal))
        && line.AsSpan(line.AsSpan().IndexOfAnyExcept(IssueFields.KeyCharacters) is >= 0 and var end ? end : line.Length).TrimStart(' ') is var rest
        && !(rest is [':'] or [':', ' ' or '\t', ..]);

    // A value that begins with a quote, does not end with one, and is followed by the next key or by nothing.
    private static (int Line, char Sign) OpenQuote(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
            if (Quoted().Match(lines[i]) is { Success: true } quoted && !IsClosed(quoted.Groups["rest"].Value, quoted.Groups["sign"].Value[0])
                && lines.Skip(i + 1).FirstOrDefault(line => line.Trim().Length > 0) is var next && (next is null || Key().IsMatch(next)))
                return (i, quoted.Groups["sign"].Value[0]);
        return (-1, ' ');
    }

    // `tags: [a, b` above the next key.
    private static IssueProblem? OpenBracket(string[] lines, int firstLine)
    {
        for (var i = 0; i < lines.Length; i++)
            if (Bracketed().Match(lines[i]) is { Success: true } list && (i + 1 == lines.Length || lines[i + 1].Length == 0 || Key().IsMatch(lines[i + 1])))
                return new(firstLine + i, list.Groups["open"].Index + 1, Severity.Error, "front-matter-invalid",
                    $"the front matter is no YAML: a bracket is opened in line {firstLine + i} and not closed", $"write {(list.Groups["open"].Value == "[" ? ']' : '}')} at the list's end");
        return null;
    }

    private static bool IsClosed(string rest, char sign)
    {
        for (var i = 0; i < rest.Length; i++)
            if (sign == '"' && rest[i] == '\\' || sign == '\'' && rest[i] == sign && i + 1 < rest.Length && rest[i + 1] == sign)
                i++;
            else if (rest[i] == sign)
                return true;
        return false;
    }

    private static string Short(string line) => Excerpt.Of(line.TrimEnd());

    private static int Line(Mark mark, int firstLine) => firstLine + (int)mark.Line - 1;

    [GeneratedRegex(@"^[A-Za-z0-9_-]+:[ \t]+(?<sign>[""'])(?<rest>.*)\z", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^[A-Za-z0-9_-]+:(?:[ \t]|\z)")]
    private static partial Regex Key();

    [GeneratedRegex(@"^[A-Za-z0-9_-]+:[ \t]+(?<open>[\[{])[^\]}]*\z")]
    private static partial Regex Bracketed();
}
