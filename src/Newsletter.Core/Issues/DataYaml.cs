using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Newsletter.Issues;

/// <summary>A list of maps in YAML 1.2, which JSON is too.</summary>
internal static class DataYaml
{
    private const string Hint = "write each item as `- title: …` with its other keys below, indented by two blanks; put a value that holds `: ` or `#` in double quotes";

    /// <summary>The items with their lines. What stands before a place that is no YAML is kept.</summary>
    public static IReadOnlyList<(int Line, IReadOnlyDictionary<string, string> Values)> Read(string text, List<IssueProblem> problems)
    {
        var items = new List<(int, IReadOnlyDictionary<string, string>)>();
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.Accept<StreamEnd>(out _))
                ReadItems(parser, items, problems);
        }
        catch (YamlException e)
        {
            problems.Add(DataList.Invalid(Math.Min((int)e.Start.Line, 1 + text.Count(sign => sign == '\n')), $"this is no YAML: {e.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.')}", Hint));
        }
        catch (InvalidOperationException) // as in FrontMatter: of the parser's own state
        {
            problems.Add(DataList.Invalid(1, "this is no YAML", Hint));
        }
        return items;
    }

    private static void ReadItems(Parser parser, List<(int, IReadOnlyDictionary<string, string>)> items, List<IssueProblem> problems)
    {
        parser.Consume<DocumentStart>();
        if (parser.Accept<Scalar>(out var only) && only.Value.Length == 0)
            return; // nothing but comments
        if (!parser.TryConsume<SequenceStart>(out _))
        {
            problems.Add(DataList.Invalid((int)parser.Current!.Start.Line, "this is no list of items", Hint));
            return;
        }

        while (items.Count <= DataList.MaxItems && !parser.TryConsume<SequenceEnd>(out _))
        {
            var line = (int)parser.Current!.Start.Line;
            if (parser.TryConsume<MappingStart>(out _))
                items.Add((line, Map(parser, problems)));
            else
                problems.Add(DataList.Bad(line, $"`{Excerpt.Of(FrontMatter.ReadValue(parser, 1, FrontMatter.MaxDepth).Text)}` is no item", Hint));
        }
    }

    private static Dictionary<string, string> Map(Parser parser, List<IssueProblem> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = FrontMatter.ReadValue(parser, 1, FrontMatter.MaxDepth);
            var isNull = parser.Accept<Scalar>(out var scalar) && scalar is { Style: ScalarStyle.Plain, Value: "null" or "~" };
            var value = FrontMatter.ReadValue(parser, 1, FrontMatter.MaxDepth).Text;
            if (!values.TryAdd(DataList.Key(key.Text), isNull ? "" : value))
                problems.Add(DataList.Bad(key.Line, $"the key `{Excerpt.Of(key.Text)}` is there twice in one item", "keep one of the two, or begin the next item with `- `"));
        }
        return values;
    }
}
