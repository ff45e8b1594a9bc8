namespace Newsletter.Composing;

/// <summary>Names that have one value for all readers of an issue: decided when it is rendered, gone before it is frozen.</summary>
internal sealed class Constants(IReadOnlyDictionary<string, string> values)
{
    public static Constants None { get; } = new(new Dictionary<string, string>());

    public bool Knows(string name) => values.ContainsKey(name);

    public string Find(string name) => values.GetValueOrDefault(name, "");

    public Constants With(string name, string value) => new(new Dictionary<string, string>(values) { [name] = value });
}
