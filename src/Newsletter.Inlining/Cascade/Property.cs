namespace Newsletter.Inlining;

/// <summary>A property as the cascade sees it: the longhands that it sets, as numbers.</summary>
internal sealed class Property(string name, int[] covers, int[] touches)
{
    public string Name { get; } = name;

    /// <summary>What a valid value certainly sets.</summary>
    public int[] Covers { get; } = covers;

    /// <summary>What it may set besides, depending on the writing mode: margin-inline-start is one of the four margins.</summary>
    public int[] Touches { get; } = touches;

    public bool IsCustom { get; } = name.StartsWith("--", StringComparison.Ordinal);

    public bool IsAll { get; } = name == "all";

    /// <summary>A name with the escapes that it needs in a style sheet; nearly always the name itself. A star before it (old Internet Explorer) stays one.</summary>
    public static string Escape(string name)
    {
        for (var i = 0; i < name.Length; i++)
            if (!CssText.IsNameChar(name[i]) && !(i == 0 && name[i] == '*'))
                return string.Concat(name.Select(one => CssText.IsNameChar(one) ? one.ToString() : one == '\0' ? "\uFFFD" : $"\\{(int)one:x} "));
        return name;
    }

    /// <summary>Both may set one longhand.</summary>
    public bool Overlaps(Property other)
    {
        if (IsCustom || other.IsCustom)
            return false;
        if (IsAll || other.IsAll || ReferenceEquals(this, other))
            return true;
        foreach (var longhand in Touches)
            if (Array.IndexOf(other.Touches, longhand) >= 0)
                return true;
        return false;
    }
}

/// <summary>The properties met in one document. Those that nobody knows (mso-…) are longhands of their own.</summary>
internal sealed class PropertyTable
{
    private readonly Dictionary<string, Property> properties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> longhands = new(StringComparer.Ordinal);

    /// <summary>How many longhands have a number.</summary>
    public int Count => longhands.Count;

    public Property this[string name]
    {
        get
        {
            if (!properties.TryGetValue(name, out var property))
                properties[name] = property = Make(name);
            return property;
        }
    }

    public bool Has(string name) => properties.ContainsKey(name);

    private Property Make(string name)
    {
        var (covers, touches) = Shorthands.Find(name);
        return new Property(name, Array.ConvertAll(covers, Number), Array.ConvertAll(touches, Number));
    }

    private int Number(string longhand)
    {
        if (!longhands.TryGetValue(longhand, out var number))
            longhands[longhand] = number = longhands.Count;
        return number;
    }
}
