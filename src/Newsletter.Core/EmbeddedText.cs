using System.Reflection;

namespace Newsletter;

/// <summary>The texts that are built into the core.</summary>
internal static class EmbeddedText
{
    /// <summary>A whole text, its lines ended by LF whatever the checkout made of them; null where there is none of that name.</summary>
    public static string? Find(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Newsletter.{name}");
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>Its lines without comments (<c>#</c>, alone or before a blank) and empty ones.</summary>
    public static IEnumerable<string> Lines(string name) => Read(name).Split('\n').Where(line => line is not ("" or "#") && !line.StartsWith("# ", StringComparison.Ordinal));

    /// <summary>The lines under each <c>[section]</c>.</summary>
    public static ILookup<string, string> Sections(string name)
    {
        var (section, lines) = ("", new List<(string Section, string Line)>());
        foreach (var line in Lines(name))
            if (line.StartsWith('['))
                section = line.Trim('[', ']');
            else
                lines.Add((section, line));
        return lines.ToLookup(each => each.Section, each => each.Line);
    }

    private static string Read(string name) => Find(name) ?? throw new InvalidOperationException($"{name} is not embedded");
}
