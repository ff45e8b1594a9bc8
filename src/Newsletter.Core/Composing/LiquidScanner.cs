using System.Buffers;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>What a tag asks for.</summary>
internal enum TagKind { Output, If, Elsif, Else, Endif }

/// <summary>A tag of the source, read: <c>{{ name | default: "text" }}</c> or <c>{% if name == "text" %}</c> and its kin.</summary>
internal sealed record Tag(TagKind Kind, string Name, string Default, Condition When, int Line, int Column);

/// <summary>Text or a tag, in the order of the source.</summary>
internal sealed record Piece(string Text, Tag? Tag, int Offset, Place Place = Place.Text);

/// <summary>Reads the small Liquid: text and tags. What is not of it is a problem and is left out; nothing throws.</summary>
internal sealed class LiquidScanner(string source, int line, int column, ICollection<IssueProblem> problems)
{
    private static readonly SearchValues<char> CurlyQuotes = SearchValues.Create("“”„«»’‘");

    private const int MaxTag = 1000;
    private int _counted;
    private int _line = line;
    private int _column = column;

    public IReadOnlyList<Piece> Scan()
    {
        var pieces = new List<Piece>();
        var at = 0;
        while (NextTag(at) is var open and >= 0)
        {
            if (open > at)
                pieces.Add(new(source[at..open], null, at));
            at = ReadTag(open, pieces);
        }
        if (at < source.Length)
            pieces.Add(new(source[at..], null, at));
        return pieces;
    }

    private int NextTag(int from)
    {
        for (var at = source.IndexOf('{', from); at >= 0 && at + 1 < source.Length; at = source.IndexOf('{', at + 1))
            if (source[at + 1] is '{' or '%')
                return at;
        return -1;
    }

    /// <summary>Reads the tag at <paramref name="open"/>; gives the offset behind it.</summary>
    private int ReadTag(int open, List<Piece> pieces)
    {
        var isOutput = source[open + 1] == '{';
        var close = source.IndexOf(isOutput ? "}}" : "%}", open + 2, Math.Min(source.Length - open - 2, MaxTag), StringComparison.Ordinal);
        if (close < 0)
        {
            Report(open, "tag-open", $"`{source.Substring(open, 2)}` has no `{(isOutput ? "}}" : "%}")}`", "close the tag, or write {% raw %} before and {% endraw %} after text that is no tag");
            pieces.Add(new(source.Substring(open, 2), null, open));
            return open + 2;
        }

        var inner = source[(open + 2)..close].Trim('-').Trim();
        if (!isOutput && inner == "raw")
            return ReadRaw(open, close + 2, pieces);
        if ((isOutput ? ReadOutput(inner, open) : ReadControl(inner, open)) is { } tag)
            pieces.Add(new("", tag, open));
        return close + 2;
    }

    private int ReadRaw(int open, int start, List<Piece> pieces)
    {
        var end = source.IndexOf("{% endraw %}", start, StringComparison.Ordinal);
        if (end < 0)
            Report(open, "tag-open", "`{% raw %}` has no `{% endraw %}`", "write {% endraw %} where the raw text ends");
        pieces.Add(new(source[start..(end < 0 ? source.Length : end)], null, start));
        return end < 0 ? source.Length : end + "{% endraw %}".Length;
    }

    private Tag? ReadOutput(string inner, int open)
    {
        var bar = inner.IndexOf('|', StringComparison.Ordinal);
        var name = (bar < 0 ? inner : inner[..bar]).Trim();
        if (!IsName(name))
            return Refuse(open, $"`{{{{ {Excerpt.Of(inner)} }}}}` does not begin with a name");
        if (bar < 0)
            return At(open, TagKind.Output, name, "", Condition.Always);

        var filter = inner[(bar + 1)..].Trim();
        return filter.StartsWith("default", StringComparison.Ordinal) && filter[7..].TrimStart() is [':', .. var rest] && Quoted(rest.Trim()) is { } text
            ? At(open, TagKind.Output, name, text, Condition.Always)
            : Refuse(open, filter.AsSpan().ContainsAny(CurlyQuotes) ? $"`| {Excerpt.Of(filter)}` is no filter here: the words stand in straight quotes, \"…\"" : $"`| {Excerpt.Of(filter)}` is no filter here");
    }

    private Tag? ReadControl(string inner, int open)
    {
        var word = inner.Split([' ', '\t', '\n', '\r'], 2)[0];
        var rest = inner[word.Length..].Trim();
        return (word, rest) switch
        {
            ("if", not "") => ReadCondition(rest) is { } when ? At(open, TagKind.If, when.Name, "", when) : Refuse(open, $"`{Excerpt.Of(rest)}` is no condition", TagKind.If),
            ("elsif", not "") => ReadCondition(rest) is { } when ? At(open, TagKind.Elsif, when.Name, "", when) : Refuse(open, $"`{Excerpt.Of(rest)}` is no condition", TagKind.Elsif),
            ("else", "") => At(open, TagKind.Else, "", "", Condition.Always),
            ("endif", "") => At(open, TagKind.Endif, "", "", Condition.Always),
            _ => Refuse(open, $"`{{% {Excerpt.Of(inner)} %}}` is no tag here"),
        };
    }

    private static Condition? ReadCondition(string text)
    {
        if (IsName(text))
            return new(text, null, Not: false);

        var sign = text.IndexOf("==", StringComparison.Ordinal) is >= 0 and var equal ? equal : text.IndexOf("!=", StringComparison.Ordinal);
        return sign > 0 && text[..sign].Trim() is var name && IsName(name) && Quoted(text[(sign + 2)..].Trim()) is { } value
            ? new(name, value, Not: text[sign] == '!')
            : null;
    }

    private static bool IsName(string text) => text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-') && char.IsLetter(text[0]);

    private static string? Quoted(string text) =>
        text.Length >= 2 && text[0] == text[^1] && text[0] is '"' or '\'' && text.IndexOf(text[0], 1) == text.Length - 1 ? text[1..^1] : null;

    // A refused if still opens a group, so that its endif is no second problem.
    private Tag? Refuse(int open, string message, TagKind? kind = null)
    {
        Report(open, "tag-invalid", message, "write {{ name }}, {{ name | default: \"text\" }}, {% if name %}, {% if name == \"text\" %}, {% elsif … %}, {% else %} or {% endif %}");
        return kind is { } known ? At(open, known, "", "", Condition.Always) : null;
    }

    private Tag At(int open, TagKind kind, string name, string @default, Condition when)
    {
        var (atLine, atColumn) = Position(open);
        return new(kind, name, @default, when, atLine, atColumn);
    }

    private void Report(int offset, string code, string message, string hint)
    {
        var (atLine, atColumn) = Position(offset);
        problems.Add(new(atLine, atColumn, Severity.Error, code, message, hint));
    }

    // Offsets only grow, so the lines are counted once.
    private (int Line, int Column) Position(int offset)
    {
        for (; _counted < offset; _counted++)
            (_line, _column) = source[_counted] == '\n' ? (_line + 1, 1) : (_line, _column + 1);
        return (_line, _column);
    }
}
