using System.Collections.Frozen;

namespace Newsletter.Replies;

/// <summary>What an element of HTML says about what is in it, or behind it.</summary>
internal enum ElementMark
{
    None,
    Quote,
    Signature,
    Forward,

    /// <summary>All behind it is quoted.</summary>
    Rest,
}

/// <summary>Elements that mail programs mark: by class, id, or another attribute.</summary>
internal sealed class ElementMarks
{
    private const int MaxClasses = 20;
    private readonly FrozenDictionary<(string Name, string Value), ElementMark> whole;
    private readonly (string Name, string Start, ElementMark Mark)[] beginnings;
    private readonly FrozenSet<string> names;

    public ElementMarks(IEnumerable<(string Text, ElementMark Mark)> rules)
    {
        var read = rules.Select(rule => (Of: Read(rule.Text.ToLowerInvariant()), rule.Mark)).ToList();
        beginnings = [.. read.Where(rule => rule.Of.Value.EndsWith('*')).Select(rule => (rule.Of.Name, rule.Of.Value[..^1], rule.Mark))];
        whole = read.Where(rule => !rule.Of.Value.EndsWith('*')).ToFrozenDictionary(rule => rule.Of, rule => rule.Mark);
        names = read.Select(rule => rule.Of.Name).ToFrozenSet();
    }

    /// <summary>The mark of an element by one of its attributes.</summary>
    public ElementMark Of(string name, string value)
    {
        if (!names.Contains(name))
            return ElementMark.None;
        var lower = value.ToLowerInvariant();
        if (name != "class")
            return OfWord(name, lower.Trim());
        foreach (var word in lower.Split(' ', MaxClasses, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (OfWord(name, word) is not ElementMark.None and var mark)
                return mark;
        return ElementMark.None;
    }

    private ElementMark OfWord(string name, string word) =>
        whole.TryGetValue((name, word), out var mark) ? mark
        : Array.Find(beginnings, each => each.Name == name && word.StartsWith(each.Start, StringComparison.Ordinal)).Mark;

    private static (string Name, string Value) Read(string rule) => rule[0] switch
    {
        '.' => ("class", rule[1..]),
        '#' => ("id", rule[1..]),
        _ => (rule[..rule.IndexOf('=')], rule[(rule.IndexOf('=') + 1)..]),
    };
}
