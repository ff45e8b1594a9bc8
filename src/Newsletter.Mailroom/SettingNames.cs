using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Newsletter.Mailroom;

/// <summary>Finds names in the configuration that mean nothing: <c>Sending:Sandbx</c> would else send to all readers what was meant for a tester.</summary>
internal static class SettingNames
{
    private const string Remedy = "docs/configuration.md has all of them";

    /// <summary>The last three are the framework's, and what editors use to help with the file.</summary>
    private static readonly string[] Sections =
    [
        "Publication", "Database", "Relays", "Domains", "Pacing", "Dkim", "Sending", "Keeping", "Retention", "Schedule", "Returns", "SignUp", "Topics", "Preferences", "Web",
        "Kestrel", "Logging", "AllowedHosts", "$schema",
    ];

    private static readonly string[] OfReturns = ["Domain", "Mailboxes", "Notifications", "Policy", "Incidents", .. ReturnsOptions.Keys];

    /// <summary>Faults about sections that nobody reads. Of the environment only what has a section: other programs' variables may begin as ours do.</summary>
    public static IEnumerable<string> UnknownSections(IConfiguration configuration)
    {
        var names = configuration is IConfigurationRoot root ? root.Providers.SelectMany(Names) : configuration.GetChildren().Select(child => child.Key);
        return names.Distinct(StringComparer.OrdinalIgnoreCase).Where(name => !Sections.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(name => $"{name} is no section of the configuration{DidYouMean("", name, Sections)}")
            .Concat(Unknown(OfReturns, configuration.GetSection("Returns")));
    }

    /// <summary>Faults about keys of a section, and of what is below it, for which its class has no place.</summary>
    public static IEnumerable<string> UnknownKeys(Type type, IConfigurationSection section)
    {
        var places = type.GetProperties().Where(property => property.CanWrite).ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        return Unknown(places.Keys, section).Concat(section.GetChildren().Where(child => places.ContainsKey(child.Key)).SelectMany(child => Below(places[child.Key], child)));
    }

    private static IEnumerable<string> Below(Type type, IConfigurationSection section) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? section.GetChildren().SelectMany(child => Below(type.GetGenericArguments()[0], child))
        : type.Assembly == typeof(SettingNames).Assembly && type.IsClass ? UnknownKeys(type, section) : [];

    private static IEnumerable<string> Unknown(IEnumerable<string> known, IConfigurationSection section) =>
        from child in section.GetChildren()
        where !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select $"{child.Path} is no key of the configuration{DidYouMean($"{section.Path}:", child.Key, known)}";

    private static string DidYouMean(string before, string name, IEnumerable<string> known)
    {
        var nearest = known.MinBy(each => Distance(name, each));
        return nearest is not null && Distance(name, nearest) <= 1 + name.Length / 4 ? $"; did you mean {before}{nearest}?" : $"; {Remedy}";
    }

    private static IEnumerable<string> Names(IConfigurationProvider provider) => provider.GetChildKeys([], null)
        .Where(name => provider is not EnvironmentVariablesConfigurationProvider || provider.GetChildKeys([], name).Any());

    /// <summary>Levenshtein's: how many letters to put in, take out or change.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1)), row[j]);
        }
        return row[^1];
    }
}
