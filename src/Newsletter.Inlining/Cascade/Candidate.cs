namespace Newsletter.Inlining;

/// <summary>A declaration that applies to one element, with its place in the cascade there.</summary>
internal sealed class Candidate(Declared declared, string value, ulong key, bool inline)
{
    public Declared Declared { get; } = declared;

    /// <summary>With every var() replaced.</summary>
    public string Value { get; } = value;

    public ulong Key { get; } = key;

    /// <summary>It stood in the style attribute already.</summary>
    public bool Inline { get; } = inline;

    /// <summary>To be written with !important.</summary>
    public bool Important { get; set; } = declared.Source.Important;

    public Property Property => Declared.Property;
}

/// <summary>An element with everything the cascade found for it.</summary>
internal sealed class Styled(Node node, CustomProperties custom)
{
    public Node Node { get; } = node;

    public CustomProperties Custom { get; } = custom;

    /// <summary>What will be written, in ascending order of the cascade.</summary>
    public List<Candidate> Fixed { get; set; } = [];

    /// <summary>What stays in the style sheet and applies here under some condition, in ascending order.</summary>
    public List<Candidate> Kept { get; set; } = [];
}
