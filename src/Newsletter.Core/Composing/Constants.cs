namespace Newsletter.Composing;

/// <summary>Names that have one value for all readers of an issue: decided when it is rendered, gone before it is frozen.</summary>
internal sealed class Constants(IReadOnlyDictionary<string, string> values)
{
    private readonly IReadOnlyDictionary<string, string> _values = values;

    public static Constants None { get; } = new(new Dictionary<string, string>());

    public bool Knows(string name) => _values.ContainsKey(name);

    public string Find(string name) => _values.GetValueOrDefault(name, "");

    public Constants With(string name, string value) => new(new Dictionary<string, string>(_values) { [name] = value });

    /// <summary>These and the other's, whose values win.</summary>
    public Constants With(Constants other)
    {
        var all = new Dictionary<string, string>(_values);
        foreach (var (name, value) in other._values)
            all[name] = value;
        return new(all);
    }
}
