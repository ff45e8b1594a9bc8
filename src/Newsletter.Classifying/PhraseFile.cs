using System.Reflection;

namespace Newsletter.Classifying;

/// <summary>A data file of phrases: lines under <c>[section]</c> heads; a head may come again, and the order of the file is the order of judgement.</summary>
internal static class PhraseFile
{
    /// <summary>The blocks of an embedded file, in their order.</summary>
    /// <exception cref="InvalidOperationException">The file is not embedded, or has a phrase before its first head: a fault of the build.</exception>
    public static List<(string Section, Phrases Phrases)> Read(string name)
    {
        var blocks = new List<(string Section, List<string> Lines)>();
        foreach (var line in Lines(name))
        {
            if (line.StartsWith('['))
                blocks.Add((line.Trim('[', ']'), []));
            else if (blocks.Count == 0)
                throw new InvalidOperationException($"{name}: \"{line}\" stands before the first [section]");
            else
                blocks[^1].Lines.Add(line);
        }
        return blocks.Select(block => (block.Section, new Phrases(block.Lines))).ToList();
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Newsletter.Classifying.{name}")
                           ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Trim() is { Length: > 0 } text && !text.StartsWith("# ", StringComparison.Ordinal) && text != "#")
                yield return text.ToLowerInvariant();
    }
}
