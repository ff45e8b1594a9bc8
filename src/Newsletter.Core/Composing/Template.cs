using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>Text that is the same for all readers but for its slots: made once and frozen with an edition, written for each letter.</summary>
/// <remarks>The source is a strict, small subset of Liquid (docs/personal-values.md): output with <c>default</c>, if, elsif, else, endif; no loops.</remarks>
public sealed class Template
{
    private static readonly JsonSerializerOptions Json = new() { MaxDepth = 256 };

    /// <summary>Of segments made elsewhere.</summary>
    [JsonConstructor]
    public Template(IReadOnlyList<Segment> segments) => Segments = segments;

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>Whether letters to two readers can differ.</summary>
    [JsonIgnore]
    public bool IsPersonal => Segments.Any(segment => segment is not Segment.Literal);

    /// <summary>Of text without slots, escaped already.</summary>
    public static Template Of(string literal) => new([new Segment.Literal(literal)]);

    /// <summary>Reads a source in which every slot stands in the same place, such as a subject. Never throws: what cannot be read is left out and is a problem.</summary>
    /// <param name="source">The Liquid source.</param>
    /// <param name="place">The place of all its slots; its literal text is taken as it stands.</param>
    /// <param name="problems">Unknown names, unknown tags, an if without end: with line and column.</param>
    /// <param name="line">The line of the source's beginning in its file, from 1.</param>
    /// <param name="column">The column of the source's beginning in its file, from 1.</param>
    public static Template Read(string source, Place place, ICollection<IssueProblem> problems, int line = 1, int column = 1) =>
        Read(source, place, Constants.None, problems, line, column);

    /// <summary>The same with names that have one value for all readers: choices by them are decided, and their values are text.</summary>
    internal static Template Read(string source, Place place, Constants constants, ICollection<IssueProblem> problems, int line = 1, int column = 1)
    {
        IReadOnlyList<Piece> pieces = [.. new LiquidScanner(source, line, column, problems).Scan().Select(piece => piece with { Place = place })];
        var whole = LiquidTree.Build(pieces, constants, problems);
        return constants == Constants.None ? whole : LiquidTree.Build(LiquidChoices.Decide(pieces, constants), constants, []); // what is decided has no problems left
    }

    /// <summary>The letter's text for one reader. Whatever the values hold, nothing of them becomes markup, another header or another address.</summary>
    public string Write(PersonalValues values)
    {
        var text = new StringBuilder();
        foreach (var segment in Segments)
            segment.Write(text, values);
        return text.ToString();
    }

    /// <summary>For the database; read again by <see cref="FromJson"/>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The two sides of one format.</summary>
    /// <exception cref="JsonException">The text was not written by <see cref="ToJson"/>.</exception>
    public static Template FromJson(string json) => JsonSerializer.Deserialize<Template>(json, Json) ?? throw new JsonException("a template is not null");
}
