using System.Text;

namespace Newsletter.Mailroom;

/// <summary>A command of the other side, as far as it is one.</summary>
/// <param name="Verb">In upper case; empty for a line that is no command.</param>
/// <param name="Rest">What stands behind it.</param>
internal readonly record struct LmtpCommand(string Verb, string Rest)
{
    private const int MaxAddress = 320;

    /// <summary>Reads a line; control characters make it none.</summary>
    public static LmtpCommand Read(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line).Trim(' ');
        if (text.Any(char.IsControl))
            return new("", "");
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? new(text.ToUpperInvariant(), "") : new(text[..end].ToUpperInvariant(), text[(end + 1)..].Trim(' '));
    }

    /// <summary>The address of <c>FROM:&lt;…&gt;</c> or <c>TO:&lt;…&gt;</c>, and the parameters behind it; null where it is none. The empty one is the null sender. A source route is passed over (RFC 5321 §4.1.1.3).</summary>
    public (string Address, string Parameters)? Path(string keyword)
    {
        if (!Rest.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            return null;
        var path = Rest[keyword.Length..].TrimStart(' ');
        if (path.Length < 2 || path[0] != '<' || End(path) is not (> 0 and var end))
            return null;
        var address = path[1..end];
        if (address.StartsWith('@') && address.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            address = address[(colon + 1)..];
        return address.Length <= MaxAddress && !address.Contains('<', StringComparison.Ordinal) ? (address, path[(end + 1)..].Trim(' ')) : null;
    }

    /// <summary>The size that <c>SIZE=</c> announces (RFC 1870); null for none.</summary>
    public static long? Size(string parameters) => parameters.Split(' ')
        .Where(each => each.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase))
        .Select(each => long.TryParse(each.AsSpan(5), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var size) ? size : (long?)null).FirstOrDefault();

    /// <summary>The closing bracket that does not stand in quotes.</summary>
    private static int End(string path)
    {
        var isQuoted = false;
        for (var at = 1; at < path.Length; at++)
        {
            if (path[at] == '\\' && isQuoted)
                at++;
            else if (path[at] == '"')
                isQuoted = !isQuoted;
            else if (path[at] == '>' && !isQuoted)
                return at;
        }
        return -1;
    }
}
