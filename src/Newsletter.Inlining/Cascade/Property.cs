using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Newsletter.Inlining;

/// <summary>The properties that an attribute of HTML says as well.</summary>
internal enum LegacyProperty : byte { None, Width, Height, Background, TextAlign, VerticalAlign, BorderSpacing }

/// <summary>A property as the cascade sees it: the longhands that it sets, as numbers.</summary>
internal sealed class Property(string name, int[] covers, int[] touches)
{
    public string Name { get; } = name;

    /// <summary>What a valid value certainly sets.</summary>
    public int[] Covers { get; } = covers;

    /// <summary>What it may set besides, depending on the writing mode: margin-inline-start is one of the four margins.</summary>
    public int[] Touches { get; } = touches;

    /// <summary>The name with the escapes that it needs, see <see cref="Escape"/>.</summary>
    public string WrittenName { get; } = Escape(name);

    public bool IsCustom { get; } = name.StartsWith("--", StringComparison.Ordinal);

    public bool IsAll { get; } = name == "all";

    public LegacyProperty Legacy { get; } = name switch
    {
        "width" => LegacyProperty.Width,
        "height" => LegacyProperty.Height,
        "background" or "background-color" => LegacyProperty.Background,
        "text-align" => LegacyProperty.TextAlign,
        "vertical-align" => LegacyProperty.VerticalAlign,
        "border-spacing" => LegacyProperty.BorderSpacing,
        _ => LegacyProperty.None,
    };

    /// <summary>A name with the escapes that it needs in a style sheet; nearly always the name itself. A star before it (old Internet Explorer) stays one.</summary>
    public static string Escape(string name)
    {
        for (var i = 0; i < name.Length; i++)
            if (!CssText.IsNameChar(name[i]) && !(i == 0 && name[i] == '*'))
                return string.Concat(name.Select(one => CssText.IsNameChar(one) ? one.ToString() : one == '\0' ? "\uFFFD" : $"\\{(int)one:x} "));
        return name;
    }

    /// <summary>All that the other sets, this one sets too.</summary>
    public bool Includes(Property other) => IsAll ? !other.IsCustom : Array.TrueForAll(other.Touches, longhand => Array.IndexOf(Covers, longhand) >= 0);

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

/// <summary>
/// The properties met in one document. Those that letters use are made once for all documents, and their longhands have
/// the first numbers; those that nobody knows (mso-…) are longhands of their own.
/// </summary>
internal sealed class PropertyTable
{
    private static readonly PropertyTable Common = new(PropertyNames.Common.Concat(Shorthands.Names));

    private readonly FrozenDictionary<string, Property> known = FrozenDictionary<string, Property>.Empty;
    private readonly FrozenDictionary<string, int> knownLonghands = FrozenDictionary<string, int>.Empty;
    private readonly Dictionary<string, Property> properties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> longhands = new(StringComparer.Ordinal);

    public PropertyTable() => (known, knownLonghands) = (Common.known, Common.knownLonghands);

    private PropertyTable(IEnumerable<string> names)
    {
        known = names.Distinct().ToFrozenDictionary(name => name, Make, StringComparer.Ordinal);
        knownLonghands = longhands.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>How many longhands have a number.</summary>
    public int Count => knownLonghands.Count + longhands.Count;

    public Property this[string name]
    {
        get
        {
            if (known.TryGetValue(name, out var property))
                return property;
            ref var made = ref CollectionsMarshal.GetValueRefOrAddDefault(properties, name, out _);
            return made ??= Make(name);
        }
    }

    /// <summary>Whether a property that is not among the common ones was met in the document.</summary>
    public bool HasMet(string name) => properties.ContainsKey(name);

    private Property Make(string name)
    {
        var (covers, touches) = Shorthands.Find(name);
        return new Property(name, Array.ConvertAll(covers, Number), Array.ConvertAll(touches, Number));
    }

    private int Number(string longhand)
    {
        if (knownLonghands.TryGetValue(longhand, out var number))
            return number;
        if (!longhands.TryGetValue(longhand, out number))
            longhands[longhand] = number = Count;
        return number;
    }
}
