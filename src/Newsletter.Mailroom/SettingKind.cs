using System.ComponentModel;
using Microsoft.Extensions.Configuration;

namespace Newsletter.Mailroom;

/// <summary>What kind of value a setting takes, in a person's words.</summary>
internal static class SettingKind
{
    /// <summary>The keys of a section whose values are of the wrong kind. The values stay out of the words: one in a wrong place may be a secret.</summary>
    public static IEnumerable<string> Misfits(Type type, IConfigurationSection section) =>
        from property in type.GetProperties()
        let text = section[property.Name]
        where property.CanWrite && text is not null && !Fits(property.PropertyType, text)
        select $"{section.Path}:{property.Name} is not {Of(property.PropertyType)}";

    private static bool Fits(Type type, string text)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string Of(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } some => $"one of {string.Join(", ", Enum.GetNames(some))}",
        { } some when some == typeof(bool) => "true or false",
        { } some when some == typeof(TimeSpan) => "a time span such as 00:05:00",
        { } some when some == typeof(double) => "a number",
        _ => "a whole number in its range",
    };
}
