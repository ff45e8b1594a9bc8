using System.Text;

namespace Newsletter.Classifying;

/// <summary>What one check of a mail came to (RFC 8601 §2.2): <c>dkim=pass header.d=example.org</c>. All lower case but the values.</summary>
internal sealed record MethodResult(string Method, string Result, IReadOnlyList<(string Name, string Value)> Properties)
{
    /// <summary>The first value of a property, such as <c>header.d</c>; null for none.</summary>
    public string? this[string property] => Properties.FirstOrDefault(each => each.Name == property).Value;
}

/// <summary>The value of an Authentication-Results field (RFC 8601 §2.2): which host says so, and what it found.</summary>
internal sealed record AuthenticationResults(string ServId, IReadOnlyList<MethodResult> Results)
{
    private const int MaxResults = 50;
    private const int MaxPairs = 30;

    /// <summary>Null where the value names no host. Comments go; what cannot be read of it is left out.</summary>
    public static AuthenticationResults? Read(string value)
    {
        var segments = Segments(value);
        return segments is [[var (servId, _), ..], .. var rest] && servId.Length > 0
            ? new(servId.ToLowerInvariant(), rest.Select(Result).OfType<MethodResult>().ToList())
            : null;
    }

    /// <summary>"none" has no value, and so is no result.</summary>
    private static MethodResult? Result(List<(string Name, string? Value)> pairs) =>
        pairs is [var (method, result), .. var properties] && method.Length > 0 && result is { Length: > 0 }
            ? new(method.Split('/')[0], result.ToLowerInvariant(), properties.Where(each => each.Value is not null).Select(each => (each.Name, each.Value!)).ToList())
            : null;

    /// <summary>The parts between semicolons, each as names with their values; a word alone has none.</summary>
    private static List<List<(string Name, string? Value)>> Segments(string text)
    {
        var segments = new List<List<(string Name, string? Value)>> { new() };
        for (var at = 0; at < text.Length && segments.Count <= MaxResults;)
        {
            if (text[at] == ';')
            {
                segments.Add([]);
                at++;
            }
            else if (SkipsBlank(text, ref at))
                continue;
            else
                AddPair(segments[^1], text, ref at);
        }
        return segments;
    }

    private static void AddPair(List<(string Name, string? Value)> pairs, string text, ref int at)
    {
        var name = Word(text, ref at, stopAtEquals: true).ToLowerInvariant();
        while (SkipsBlank(text, ref at))
        {
        }
        string? value = null;
        if (at < text.Length && text[at] == '=')
        {
            at++;
            while (SkipsBlank(text, ref at))
            {
            }
            value = Word(text, ref at, stopAtEquals: false);
        }
        if (pairs.Count < MaxPairs)
            pairs.Add((name, value));
    }

    /// <summary>A word, of which parts may be quoted strings.</summary>
    private static string Word(string text, ref int at, bool stopAtEquals)
    {
        var word = new StringBuilder();
        for (; at < text.Length && text[at] is not (';' or '(' or ' ' or '\t' or '\r' or '\n') && !(stopAtEquals && text[at] == '='); at++)
        {
            if (text[at] != '"')
            {
                word.Append(text[at]);
                continue;
            }
            for (at++; at < text.Length && text[at] != '"'; at++)
                word.Append(text[at] == '\\' && at + 1 < text.Length ? text[++at] : text[at]);
        }
        return word.ToString();
    }

    /// <summary>Whether a blank or a comment, which may hold others (RFC 5322 §3.2.2), was passed over.</summary>
    private static bool SkipsBlank(string text, ref int at)
    {
        if (at >= text.Length || text[at] is not (' ' or '\t' or '\r' or '\n' or '('))
            return false;
        if (text[at] != '(')
        {
            at++;
            return true;
        }
        for (var depth = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '(')
                depth++;
            else if (text[at] == ')' && --depth == 0)
                break;
        }
        at = Math.Min(at + 1, text.Length);
        return true;
    }
}
