namespace Newsletter.Subscribers;

/// <summary>A named question that selects subscribers.</summary>
/// <param name="Name">Unique; as an issue's front matter has it.</param>
/// <param name="Text">The question, as a person wrote it: <see cref="SegmentReader"/>.</param>
/// <param name="About">What it is for, in a person's words; may be empty.</param>
public sealed record SavedSegment(string Name, string Text, string About = "")
{
    /// <summary>How many segments may stand inside one another.</summary>
    public const int MaxNesting = 10;

    /// <summary>A filter with the saved segments that it names put in their places.</summary>
    /// <param name="filter">What may name some.</param>
    /// <param name="textOf">The text of a saved one; null where there is none of that name.</param>
    /// <returns>Or what is wrong: one that is not there, stands in itself or is not right.</returns>
    public static (SegmentFilter? Filter, string? Fault) Resolve(SegmentFilter filter, Func<string, string?> textOf)
    {
        try
        {
            return (Resolve(filter, textOf, []), null);
        }
        catch (SegmentFault fault)
        {
            return (null, fault.Message);
        }
    }

    private static SegmentFilter Resolve(SegmentFilter filter, Func<string, string?> textOf, IReadOnlyList<string> inside) => filter switch
    {
        SegmentFilter.And(var one, var other) => new SegmentFilter.And(Resolve(one, textOf, inside), Resolve(other, textOf, inside)),
        SegmentFilter.Or(var one, var other) => new SegmentFilter.Or(Resolve(one, textOf, inside), Resolve(other, textOf, inside)),
        SegmentFilter.Not(var of) => new SegmentFilter.Not(Resolve(of, textOf, inside)),
        SegmentFilter.In(var name) => Resolve(Saved(name, textOf, inside), textOf, [.. inside, name]),
        _ => filter,
    };

    private static SegmentFilter Saved(string name, Func<string, string?> textOf, IReadOnlyList<string> inside)
    {
        if (inside.Contains(name))
            throw Fault($"the segment {name} stands in itself: {string.Join(" → ", inside)} → {name}");
        if (inside.Count == MaxNesting)
            throw Fault($"more than {MaxNesting} segments stand inside one another: {string.Join(" → ", inside)}");
        var text = textOf(name) ?? throw Fault($"there is no segment `{name}`");
        return SegmentReader.Read(text) switch
        {
            ({ } filter, null) => filter,
            var (_, problem) => throw Fault($"the segment {name} is not right: {problem!.Message}"),
        };
    }

    private static SegmentFault Fault(string message) => new(new(1, message, "see: newsletter segments list"));
}
