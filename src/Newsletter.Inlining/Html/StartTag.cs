using System.Buffers;

namespace Newsletter.Inlining;

/// <summary>An attribute as it stands in the source.</summary>
/// <param name="Quote">The quotation mark, or NUL where there is none.</param>
internal readonly record struct SourceAttribute(int Start, int NameEnd, int ValueStart, int ValueEnd, int End, char Quote);

/// <summary>A start tag in the source, cut as the HTML tokenizer cuts it (HTML §13.2.5.6 and on).</summary>
internal sealed class StartTag
{
    private static readonly SearchValues<char> UnquotedEnds = SearchValues.Create(" \t\n\r\f>");

    private readonly string source;

    private StartTag(string source, int start, List<SourceAttribute> attributes) => (this.source, Start, Attributes) = (source, start, attributes);

    public int Start { get; }

    /// <summary>Just past the name.</summary>
    public int NameEnd { get; private set; }

    /// <summary>Just past the closing bracket.</summary>
    public int End { get; private set; }

    public List<SourceAttribute> Attributes { get; }

    /// <summary>Where a further attribute may be written: past the last one, or past the name.</summary>
    public int InsertAt => Attributes.Count > 0 ? Attributes[^1].End : NameEnd;

    public string Name => source[(Start + 1)..NameEnd].ToLowerInvariant();

    /// <summary>The tag that begins at <paramref name="at"/>; null if none does.</summary>
    /// <param name="reuse">A list for the attributes, which is emptied; the tag read with it before is of no use any more.</param>
    public static StartTag? Read(string source, int at, List<SourceAttribute>? reuse = null)
    {
        if (at < 0 || at + 1 >= source.Length || source[at] != '<' || !char.IsAsciiLetter(source[at + 1]))
            return null;
        reuse?.Clear();
        var tag = new StartTag(source, at, reuse ?? []);
        return tag.Read() ? tag : null;
    }

    /// <summary>The first attribute of that name: the one that counts.</summary>
    public SourceAttribute? Find(string name)
    {
        foreach (var attribute in Attributes)
            if (source.AsSpan(attribute.Start, attribute.NameEnd - attribute.Start).Equals(name, StringComparison.OrdinalIgnoreCase))
                return attribute;
        return null;
    }

    private bool Read()
    {
        var at = Start + 1;
        while (at < source.Length && !IsSpace(source[at]) && source[at] is not ('/' or '>'))
            at++;
        NameEnd = at;
        while (true)
        {
            while (at < source.Length && (IsSpace(source[at]) || source[at] == '/'))
                at++;
            if (at >= source.Length)
                return false;
            if (source[at] == '>')
            {
                End = at + 1;
                return true;
            }
            at = Attribute(at);
            if (at < 0)
                return false;
        }
    }

    /// <summary>Reads one attribute; says where it ends, or -1 if the source ends first.</summary>
    private int Attribute(int start)
    {
        var at = start + 1; // an = here is part of the name
        while (at < source.Length && !IsSpace(source[at]) && source[at] is not ('/' or '>' or '='))
            at++;
        var nameEnd = at;
        while (at < source.Length && IsSpace(source[at]))
            at++;
        if (at >= source.Length || source[at] != '=')
        {
            Attributes.Add(new SourceAttribute(start, nameEnd, nameEnd, nameEnd, nameEnd, '\0'));
            return at >= source.Length ? -1 : nameEnd;
        }
        at++;
        while (at < source.Length && IsSpace(source[at]))
            at++;
        return at >= source.Length ? -1 : Value(start, nameEnd, at);
    }

    private int Value(int start, int nameEnd, int at)
    {
        var quote = source[at] is '"' or '\'' ? source[at] : '\0';
        var valueStart = quote == '\0' ? at : at + 1;
        var length = quote == '\0' ? source.AsSpan(valueStart).IndexOfAny(UnquotedEnds) : source.AsSpan(valueStart).IndexOf(quote);
        if (length < 0)
            return -1;
        var end = valueStart + length;
        var past = quote == '\0' ? end : end + 1;
        Attributes.Add(new SourceAttribute(start, nameEnd, valueStart, end, past, quote));
        return past;
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';
}
