namespace Newsletter.Inlining;

/// <summary>A custom property that @property gives a type (CSS Properties and Values API 1).</summary>
internal sealed record RegisteredProperty(bool Inherits, string? Initial, string Syntax)
{
    /// <summary>Null for a rule that browsers drop: it lacks a part that must be there.</summary>
    public static RegisteredProperty? Read(string block)
    {
        var said = CssParser.ParseDeclarations(block).ToLookup(one => one.Name, one => one.Value, StringComparer.Ordinal);
        var (inherits, syntax, initial) = (said["inherits"].LastOrDefault(), said["syntax"].LastOrDefault(), said["initial-value"].LastOrDefault());
        if (inherits is not ("true" or "false") || syntax is null)
            return null;
        syntax = CssText.Unquote(syntax).Trim();
        return initial is null && syntax != "*" ? null : new RegisteredProperty(inherits == "true", initial, syntax);
    }

    /// <summary>False for a value that certainly is none of the type: then the property is as if nothing had been said.</summary>
    public bool Takes(string value)
    {
        foreach (var type in Syntax.Split('|', StringSplitOptions.TrimEntries))
            if (Takes(type, value))
                return true;
        return false;
    }

    private static bool Takes(string type, string value)
    {
        var tokens = new CssTokenizer(value);
        var kind = tokens.NextSolid().Kind;
        if (type.EndsWith('+') || type.EndsWith('#') || kind == CssTokenKind.Function || tokens.NextSolid().Kind != CssTokenKind.End)
            return true;
        return type switch
        {
            "<length>" => kind == CssTokenKind.Dimension || value.Trim() == "0",
            "<length-percentage>" => kind is CssTokenKind.Dimension or CssTokenKind.Percentage || value.Trim() == "0",
            "<percentage>" => kind == CssTokenKind.Percentage,
            "<number>" or "<integer>" => kind == CssTokenKind.Number,
            "<angle>" or "<time>" or "<resolution>" => kind == CssTokenKind.Dimension,
            "<color>" => kind is CssTokenKind.Ident or CssTokenKind.Hash,
            _ => type == "*" || type.StartsWith('<') || type == value.Trim(),
        };
    }
}
