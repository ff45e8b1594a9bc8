using System.Text;
using System.Text.Json.Serialization;

namespace Newsletter.Composing;

/// <summary>A piece of a <see cref="Template"/>: the same for all readers, one reader's value, or a choice between pieces.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Literal), "text")]
[JsonDerivedType(typeof(Slot), "slot")]
[JsonDerivedType(typeof(Choice), "choice")]
public abstract record Segment
{
    private Segment() { }

    internal abstract void Write(StringBuilder to, PersonalValues values);

    /// <summary>The same for all readers, escaped already.</summary>
    public sealed record Literal(string Text) : Segment
    {
        internal override void Write(StringBuilder to, PersonalValues values) => to.Append(Text);
    }

    /// <summary>One reader's value, escaped for its place; the default stands where the value is empty or may not stand there.</summary>
    /// <param name="Name">A name of <see cref="PersonalValues"/>.</param>
    /// <param name="Place">Where it stands.</param>
    /// <param name="Default">Unescaped; empty where the template gives none.</param>
    public sealed record Slot(string Name, Place Place, string Default) : Segment
    {
        internal override void Write(StringBuilder to, PersonalValues values)
        {
            var value = Place.Escape(values.Find(Name).Trim());
            to.Append(value.Length > 0 ? value : Place.Escape(Default));
        }
    }

    /// <summary>The first branch whose condition holds; nothing where none does.</summary>
    public sealed record Choice(IReadOnlyList<Branch> Branches) : Segment
    {
        internal override void Write(StringBuilder to, PersonalValues values)
        {
            foreach (var segment in Branches.FirstOrDefault(branch => branch.When.Holds(values.Find))?.Segments ?? [])
                segment.Write(to, values);
        }
    }
}

/// <summary>One way of a <see cref="Segment.Choice"/>.</summary>
public sealed record Branch(Condition When, IReadOnlyList<Segment> Segments);

/// <summary>What a branch asks.</summary>
/// <param name="Name">The name asked about; empty in an <c>else</c>, which always holds.</param>
/// <param name="Value">The text it is compared with; null asks whether it is not empty.</param>
/// <param name="Not">Whether the answer is turned around (<c>!=</c>).</param>
public sealed record Condition(string Name, string? Value, bool Not)
{
    /// <summary>The condition of <c>else</c>.</summary>
    public static Condition Always { get; } = new("", null, false);

    /// <summary>Whether it holds for the values that <paramref name="find"/> gives. Texts are compared exactly, without the blanks around them.</summary>
    public bool Holds(Func<string, string> find) =>
        Name.Length == 0 || (Value is null ? find(Name).Trim().Length > 0 : find(Name).Trim() == Value) != Not;
}
