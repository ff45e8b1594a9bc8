using System.Text;

namespace Newsletter.Inlining;

/// <summary>The custom properties in force on one element, and what var() makes of them (CSS Custom Properties 1).</summary>
internal sealed class CustomProperties
{
    /// <summary>No value grows beyond this: --a: var(--b) var(--b) and so on doubles with every line.</summary>
    private const int MaxLength = 20_000;
    private const int MaxDepth = 50;

    /// <summary>What one property counts that an element holds of its own: each takes the room of so many steps.</summary>
    public const int Steps = 16;

    public static CustomProperties Empty { get; } = new([]);

    private readonly Dictionary<string, string> values;

    private CustomProperties(Dictionary<string, string> values) => this.values = values;

    /// <summary>How many are in force.</summary>
    public int Count => values.Count;

    /// <summary>The properties of an element within one that has these.</summary>
    /// <param name="own">What the cascade gives the element itself, by name.</param>
    public CustomProperties Inside(Dictionary<string, string> own, Dictionary<string, RegisteredProperty> registered)
    {
        if (own.Count == 0 && registered.Count == 0)
            return this;
        var made = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach (var (name, one) in registered)
            if (!one.Inherits || !made.ContainsKey(name))
                Set(made, name, one.Initial);
        var resolver = new Resolver(own, values, made, registered);
        foreach (var (name, _) in own)
            resolver.Settle(name);
        return new CustomProperties(made);
    }

    /// <summary>The value with every var() replaced; null if that makes it invalid.</summary>
    public string? Resolve(string value) => Substitute(value, name => values.GetValueOrDefault(name), 0);

    /// <summary>The value with what is in force put behind each name as its fallback: var(--a) is var(--a,red); null if one has no value.</summary>
    public string? WithFallbacks(string value)
    {
        var isWhole = true;
        var made = Substitute(value, name => values.TryGetValue(name, out var put) ? $"var({name},{put})" : Missing(ref isWhole), 0);
        return isWhole ? made : null;
    }

    private static string? Missing(ref bool isWhole)
    {
        isWhole = false;
        return null;
    }

    private static void Set(Dictionary<string, string> map, string name, string? value)
    {
        if (value is null)
            map.Remove(name);
        else
            map[name] = value;
    }

    /// <summary>The custom properties that a value names.</summary>
    public static IEnumerable<string> NamesIn(string value)
    {
        var names = new List<string>();
        Substitute(value, name => { names.Add(name); return ""; }, 0, takeFallback: true);
        return names;
    }

    private static string? Substitute(string value, Func<string, string?> find, int depth, bool takeFallback = false)
    {
        if (!value.Contains("var(", StringComparison.OrdinalIgnoreCase))
            return value;
        if (depth > MaxDepth)
            return null;
        var made = new StringBuilder();
        var tokens = new CssTokenizer(value);
        for (var token = tokens.Next(); token.Kind != CssTokenKind.End; token = tokens.Next())
        {
            if (token.Kind != CssTokenKind.Function || !token.In(value).Equals("var(", StringComparison.OrdinalIgnoreCase))
            {
                made.Append(token.In(value));
                continue;
            }
            var end = CloseOf(value, tokens.Position);
            if (One(value[tokens.Position..end], find, depth, takeFallback) is not { } put || made.Length + put.Length > MaxLength)
                return null;
            made.Append(put);
            tokens.Position = Math.Min(value.Length, end + 1);
        }
        return made.ToString().Trim();
    }

    private static string? One(string arguments, Func<string, string?> find, int depth, bool takeFallback)
    {
        var comma = SelectorParser.Split(arguments);
        var found = find(CssText.Unescape(comma[0]));
        if (found is not null && !takeFallback)
            return found;
        var at = arguments.IndexOf(',');
        return at < 0 ? found : Substitute(arguments[(at + 1)..].Trim(), find, depth + 1, takeFallback);
    }

    private static int CloseOf(string value, int from)
    {
        var tokens = new CssTokenizer(value) { Position = from };
        for (var open = 1; ;)
        {
            var token = tokens.Next();
            if (token.Kind == CssTokenKind.End)
                return value.Length;
            open += token.Kind switch
            {
                CssTokenKind.OpenParen or CssTokenKind.Function => 1,
                CssTokenKind.CloseParen => -1,
                _ => 0,
            };
            if (open == 0)
                return token.Start;
        }
    }

    /// <summary>Custom properties may name each other; those in a ring are invalid.</summary>
    private sealed class Resolver(
        Dictionary<string, string> own, Dictionary<string, string> inherited, Dictionary<string, string> made, Dictionary<string, RegisteredProperty> registered)
    {
        private readonly HashSet<string> open = new(StringComparer.Ordinal);
        private readonly HashSet<string> done = new(StringComparer.Ordinal);

        public void Settle(string name)
        {
            if (done.Contains(name) || !own.TryGetValue(name, out var value))
                return;
            if (open.Count > MaxDepth || !open.Add(name))
            {
                done.Add(name);
                made.Remove(name);
                return;
            }
            var settled = Keyword(name, value);
            open.Remove(name);
            if (!done.Add(name))
                return;
            if (registered.TryGetValue(name, out var type) && (settled is null || !type.Takes(settled)))
                settled = (type.Inherits && settled is not null ? inherited.GetValueOrDefault(name) : null) ?? type.Initial;
            Set(made, name, settled);
        }

        private string? Keyword(string name, string value) => value.ToLowerInvariant() switch
        {
            "initial" => null,
            "inherit" or "unset" or "revert" or "revert-layer" => inherited.GetValueOrDefault(name),
            _ => Substitute(value, Find, 0),
        };

        private string? Find(string name)
        {
            Settle(name);
            return made.GetValueOrDefault(name);
        }
    }
}
