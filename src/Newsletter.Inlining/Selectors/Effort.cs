namespace Newsletter.Inlining;

/// <summary>
/// How much work a document may still cost. Work is counted in steps (an element asked by a part of a selector), never in
/// time, so that the same input gives the same output on any machine.
/// </summary>
internal sealed class Effort(long steps)
{
    /// <summary>What a document of any size may cost, and what each of its characters may cost besides.</summary>
    public const long Base = 20_000_000;
    public const long PerCharacter = 20;

    /// <summary>What one selector may cost, and what it may cost for each element of the document besides.</summary>
    public const long SelectorBase = 100_000;
    public const long SelectorPerElement = 100;

    private long limit;

    public Effort(string source) : this(Base + (PerCharacter * source.Length)) { }

    public long Left { get; private set; } = steps;

    /// <summary>The document costs more than any letter does: it is left as it is.</summary>
    public bool IsSpent => Left <= 0;

    /// <summary>One question; false if it may not be asked any more.</summary>
    public bool Take() => --Left >= limit;

    /// <summary>Counts work that is not asked for.</summary>
    public void Spend(int count) => Left -= count;

    /// <summary>What is asked from here on may cost so much at most, before <see cref="Take"/> says no.</summary>
    public void Limit(long most) => limit = Math.Max(0, Left - most);
}
