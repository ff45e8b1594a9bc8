using System.CommandLine;

namespace Newsletter.Cli;

/// <summary>An option that takes one of a few words; another is told with all of them.</summary>
internal static class ChoiceOption
{
    public static Option<T> Create<T>(string name, string description, T otherwise)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(word => word.ToLowerInvariant()).ToList();
        return new(name)
        {
            Description = description, HelpName = string.Join('|', words), DefaultValueFactory = _ => otherwise,
            CustomParser = result =>
            {
                var word = result.Tokens[0].Value;
                if (words.Contains(word, StringComparer.OrdinalIgnoreCase))
                    return Enum.Parse<T>(word, ignoreCase: true);
                result.AddError($"{name} {word}: write {string.Join(", ", words[..^1])} or {words[^1]}");
                return otherwise;
            },
        };
    }
}
