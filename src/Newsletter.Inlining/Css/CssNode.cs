namespace Newsletter.Inlining;

/// <summary>What a style sheet is made of.</summary>
internal abstract class CssNode;

/// <summary>One declaration with its value as it was written, but for comments and runs of white space.</summary>
internal sealed class CssDeclaration(string name, string value, bool important) : CssNode
{
    /// <summary>In lower case, but for custom properties, whose case counts.</summary>
    public string Name { get; } = name;

    public string Value { get; } = value;

    public bool Important { get; } = important;

    public bool IsCustom { get; } = name.StartsWith("--", StringComparison.Ordinal);

    public bool HasVar { get; } = value.Contains('(') && value.Contains("var(", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A rule with a selector, perhaps inside another one.</summary>
internal sealed class CssStyleRule(string prelude, List<CssNode> body) : CssNode
{
    public string Prelude { get; } = prelude;

    public List<CssNode> Body { get; } = body;
}

/// <summary>An at-rule: a statement, a group of rules, or a block that is none of our business and kept as text.</summary>
internal sealed class CssAtRule(string name, string prelude, List<CssNode>? body, string? text) : CssNode
{
    /// <summary>In lower case, without the @.</summary>
    public string Name { get; } = name;

    public string Prelude { get; } = prelude;

    /// <summary>The rules of a group such as @media; null for every other at-rule.</summary>
    public List<CssNode>? Body { get; } = body;

    /// <summary>What stood between the braces of a block that is not a group; null for a statement.</summary>
    public string? Text { get; } = text;
}
