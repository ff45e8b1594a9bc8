using System.Text;

namespace Newsletter.Returns;

/// <summary>The lines of a mail one after the other, without their ends, whichever these are.</summary>
internal ref struct MailLines(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>False at the end.</summary>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (rest.IsEmpty)
            return false;
        var end = rest.IndexOf((byte)'\n');
        line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
        rest = end < 0 ? default : rest[(end + 1)..];
        return true;
    }
}

/// <summary>The fields of a header as text of one line each; no more is read of them than that.</summary>
internal sealed class HeaderFields
{
    private const int MaxFields = 5_000;
    private const int MaxName = 76;
    private readonly List<(string Name, string Value)> fields = [];

    /// <summary>Reads the header and leaves <paramref name="lines"/> at the body: behind the first empty line, or at the first that is no field's.</summary>
    public static HeaderFields Read(ref MailLines lines)
    {
        var header = new HeaderFields();
        var value = new List<byte>();
        var body = lines;
        var name = "";
        while (lines.Next(out var line) && !line.IsEmpty)
        {
            if (line[0] is (byte)' ' or (byte)'\t' && name.Length > 0)
                value.AddRange(line);
            else if (NameOf(line) is { } next && header.fields.Count < MaxFields)
            {
                header.Add(name, value);
                (name, value) = (next, [.. line[(line.IndexOf((byte)':') + 1)..]]);
            }
            else
            {
                lines = body;
                break;
            }
            body = lines;
        }
        header.Add(name, value);
        return header;
    }

    /// <summary>Every value of a field, in their order.</summary>
    public IEnumerable<string> All(string name) => fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    /// <summary>Null where there is none.</summary>
    public string? First(string name) => All(name).FirstOrDefault();

    private void Add(string name, List<byte> value)
    {
        if (name.Length > 0)
            fields.Add((name, string.Join(' ', Encoding.Latin1.GetString([.. value]).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))));
    }

    /// <summary>RFC 5322 §2.2: printable ASCII before a colon. Null for a line that begins no field.</summary>
    private static string? NameOf(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon is > 0 and <= MaxName ? line[..colon].TrimEnd(" \t"u8) : default;
        return name.IsEmpty || name.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? null : Encoding.ASCII.GetString(name);
    }
}
