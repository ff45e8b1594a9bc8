namespace Newsletter.Classifying;

/// <summary>One field: name as written without blanks before the colon, value unfolded, the line it begins on, from 1.</summary>
internal readonly record struct Field(string Name, string Value, int Line);

/// <summary>Fields that belong together: the block about the message, or about one recipient (RFC 3464 §2.1).</summary>
internal sealed class FieldGroup(IReadOnlyList<Field> fields, int line)
{
    private static readonly string[] Recipient = ["Final-Recipient", "Original-Recipient"];

    public static FieldGroup Empty { get; } = new([], 1);

    /// <summary>The line on which its first field stands, from 1 in its part.</summary>
    public int Line => line;

    /// <summary>The first value of that name that is not empty; names differ in letter case only.</summary>
    public string? this[string name] =>
        fields.FirstOrDefault(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && each.Value.Length > 0).Value;

    /// <summary>Whether the group is about a recipient.</summary>
    public bool IsRecipient => Recipient.Any(name => fields.Any(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>
    /// The groups of a status part. Blank lines part them; where those are missing, a second recipient field does; a blank line between a recipient
    /// and its own Action is overlooked.
    /// </summary>
    public static List<FieldGroup> ReadAll(IEnumerable<string> lines)
    {
        var groups = new List<List<Field>> { new() };
        var blank = false;
        foreach (var field in ReadFields(lines))
        {
            if (field is not { } found)
                blank = true;
            else
            {
                if (StartsGroup(groups[^1], found.Name, blank))
                    groups.Add([]);
                groups[^1].Add(found);
                blank = false;
            }
        }
        return groups.Where(group => group.Count > 0).Select(group => new FieldGroup(group, group[0].Line)).ToList();
    }

    /// <summary>The fields of a header, to the first blank line after one.</summary>
    public static IEnumerable<Field> ReadHeader(IEnumerable<string> lines)
    {
        var any = false;
        foreach (var field in ReadFields(lines))
        {
            if (field is { } found)
            {
                any = true;
                yield return found;
            }
            else if (any)
                yield break;
        }
    }

    private static bool StartsGroup(List<Field> group, string name, bool blank)
    {
        bool Has(string wanted) => group.Exists(field => field.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        if (Recipient.Contains(name, StringComparer.OrdinalIgnoreCase))
            return Has(name) || (blank && group.Count > 0) || (group.Count > 0 && !Recipient.Any(Has) && !Has("Action")); // Exim writes Action first
        return blank && group.Count > 0 && (Has("Action") || Has("Status") || !Recipient.Any(Has));
    }

    /// <summary>Fields unfolded (RFC 5322 §2.2.3); null for each blank line. A line that is no field continues the one before: broken gateways fold without a blank.</summary>
    private static IEnumerable<Field?> ReadFields(IEnumerable<string> lines)
    {
        Field? open = null;
        foreach (var (at, line) in lines.Index())
        {
            var colon = line.IndexOf(':');
            var isField = colon > 0 && line[0] > ' ' && IsName(line.AsSpan(0, colon).TrimEnd());
            if (open is { } field && !isField && line.Length > 0)
            {
                open = field with { Value = field.Value.Length > 4000 ? field.Value : $"{field.Value} {line.Trim()}".Trim() };
                continue;
            }
            if (open is not null)
                yield return open;
            open = isField ? new(line[..colon].TrimEnd(), line[(colon + 1)..].Trim(), at + 1) : null;
            if (line.Length == 0)
                yield return null;
        }
        if (open is not null)
            yield return open;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var letter in name)
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
                return false;
        return name.Length is > 0 and < 80;
    }
}
