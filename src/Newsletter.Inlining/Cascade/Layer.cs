namespace Newsletter.Inlining;

/// <summary>A cascade layer (CSS Cascade 5 §6.4). What stands in no inner layer of it wins over what stands in one.</summary>
internal sealed class Layer
{
    /// <summary>Keys of the cascade have ten bits for the layer.</summary>
    public const int MaxLayers = 1000;

    private readonly List<Layer> inner = [];
    private readonly Dictionary<string, Layer> named = new(StringComparer.Ordinal);

    /// <summary>Ranks grow with precedence; set by <see cref="Rank()"/>.</summary>
    public int Order { get; private set; }

    /// <summary>The layer of that dotted name, made if it is new; null or empty makes one without a name.</summary>
    public Layer Find(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return Add("");
        var at = this;
        foreach (var part in name.Split('.', StringSplitOptions.TrimEntries))
        {
            at = part.Length > 0 && at.named.TryGetValue(part, out var known) ? known : at.Add(part);
        }
        return at;
    }

    /// <summary>Gives every layer below and at last itself its place.</summary>
    public void Rank()
    {
        var next = 0;
        Rank(ref next);
    }

    private Layer Add(string name)
    {
        var made = new Layer();
        inner.Add(made);
        if (name.Length > 0)
            named[name] = made;
        return made;
    }

    private void Rank(ref int next)
    {
        foreach (var layer in inner)
            layer.Rank(ref next);
        Order = Math.Min(next++, MaxLayers);
    }
}
