using System.Collections.Frozen;

namespace Newsletter.Linting;

/// <summary>A feature that some mail programs lack.</summary>
/// <param name="Name">The feature, as it is written.</param>
/// <param name="Breaks">Whether words, pictures or the layout are lost without it, not only an ornament.</param>
/// <param name="Source">Its name at caniemail.com.</param>
/// <param name="Programs">Those that lack it, by our names.</param>
internal sealed record ClientFact(string Name, bool Breaks, string Source, IReadOnlyList<string> Programs)
{
    /// <summary>As people call them: "Gmail and Outlook for Windows".</summary>
    public string Without => Programs.Count < 2 ? string.Concat(Programs.Select(Called)) : $"{string.Join(", ", Programs.SkipLast(1).Select(Called))} and {Called(Programs[^1])}";

    private static string Called(string program) => program switch
    {
        "gmail" => "Gmail",
        "outlook" => "Outlook for Windows",
        "outlook.com" => "Outlook.com",
        "apple" => "Apple Mail",
        "yahoo" => "Yahoo",
        "thunderbird" => "Thunderbird",
        "samsung" => "Samsung Email",
        _ => program,
    };
}

/// <summary>What mail programs do not do: the file client-facts.txt, which names its source.</summary>
internal sealed class ClientFacts
{
    private readonly FrozenDictionary<(string Kind, string Name), ClientFact> _facts;

    private ClientFacts(IEnumerable<string> lines) => _facts = lines.Select(line => line.Split(' ')).ToFrozenDictionary(
        parts => (parts[0], parts[1]), parts => new ClientFact(parts[1], parts[2] == "breaks", parts[3], [.. parts[4..].Select(program => program.Split('@')[0])]));

    /// <summary>Those that come with the program.</summary>
    public static ClientFacts Known { get; } = new(EmbeddedText.Lines("Linting.client-facts.txt"));

    /// <summary>An element or attribute of HTML, an at-rule, a pseudo class; null: all programs have it, or nothing is known.</summary>
    public ClientFact? Of(string kind, string name) => _facts.GetValueOrDefault((kind, name.ToLowerInvariant()));

    /// <summary>What of a declaration is lacking somewhere: the property, its value, a function, unit or word in it.</summary>
    public IEnumerable<ClientFact> OfDeclaration(string property, string value)
    {
        if (Of("property", property) is { } whole)
            yield return whole;
        if (Of("value", $"{property}:{value.Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim()}") is { } exact)
            yield return exact;
        foreach (var word in value.Split([' ', ',', ')', '/'], StringSplitOptions.RemoveEmptyEntries))
        {
            var at = word.IndexOf('(', StringComparison.Ordinal);
            if ((at > 0 ? Of("function", word[..at]) : Of("word", word)) is { } fact)
                yield return fact;
            else if (char.IsAsciiDigit(word[0]) && Of("unit", word.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.')) is { } unit)
                yield return unit;
        }
    }

    /// <summary>The format of an image, by its media type, else by the end of its address.</summary>
    public ClientFact? Image(string source, string mediaType)
    {
        if (mediaType.Length > 0)
            return Of("image", mediaType[(mediaType.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        if (source.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return Of("image", "data");
        var path = source.Split('?', '#')[0];
        var type = path[(path.LastIndexOf('.') + 1)..].ToLowerInvariant();
        return Of("image", type switch { "svg" => "svg+xml", "ico" => "x-icon", "heic" => "heif", "tif" => "tiff", _ => type.Length > 5 ? "" : type });
    }
}
