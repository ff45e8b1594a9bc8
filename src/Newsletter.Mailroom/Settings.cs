using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Newsletter.Mailroom;

/// <summary>Reads a section of the configuration into its class, and says in one line what is wrong with it.</summary>
public static class Settings
{
    /// <summary>The configuration of a publication: its <c>appsettings.json</c> (or another file), then environment variables <c>NEWSLETTER_Section__Key</c>, then <c>Key=Value</c> pairs.</summary>
    /// <exception cref="SettingException">The file is missing although named, or is not JSON; or a pair has no <c>=</c>.</exception>
    public static IConfigurationRoot Load(PublicationFolder folder, string? file, IEnumerable<string> pairs)
    {
        var path = file is null ? Path.Combine(folder.Root, "appsettings.json") : Path.GetFullPath(file);
        if (file is not null && !File.Exists(path))
            throw new SettingException($"{file}: there is no such file; name an existing one with --config");
        var overrides = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in pairs.Select(Pair))
            overrides[key] = value; // said twice, the last word counts
        return Understood(path, () => new ConfigurationBuilder()
            .AddJsonFile(path, optional: true, reloadOnChange: false)
            .AddEnvironmentVariables("NEWSLETTER_")
            .AddInMemoryCollection(overrides)
            .Build());
    }

    /// <summary>The same sources, the files among them as they are now; what was read before stays as it is.</summary>
    /// <exception cref="SettingException">A file is gone, or is not JSON any more.</exception>
    internal static IConfigurationRoot ReadAgain(this IConfigurationRoot configuration) => Understood(FileOf(configuration) ?? "appsettings.json", () =>
        new ConfigurationRoot([.. configuration.Providers.Select(provider => provider is JsonConfigurationProvider file ? Again(file.Source) : provider)]));

    /// <summary>Another text whenever the file has changed.</summary>
    internal static string Stamp(this IConfigurationRoot configuration) => FileOf(configuration) is { } path && new FileInfo(path) is { Exists: true } file
        ? string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks} {file.Length}")
        : "";

    /// <summary>A section as its class.</summary>
    /// <exception cref="SettingException">A value is missing, of the wrong kind or out of range; all faults of the section are named.</exception>
    public static T Read<T>(this IConfiguration configuration, string section) where T : class =>
        Checked(configuration, section, Bind(configuration, section, () => WithLists(configuration.GetSection(section), typeof(T)).Get<T>() ?? Activator.CreateInstance<T>()));

    /// <summary>A section that is a list, in its order; empty where the section is missing.</summary>
    /// <exception cref="SettingException">As <see cref="Read{T}"/>.</exception>
    public static IReadOnlyList<T> ReadList<T>(this IConfiguration configuration, string section) where T : class =>
        configuration.GetSection(section).GetChildren().Select(child => child.Key.All(char.IsAsciiDigit)
            ? Read<T>(configuration, child.Path)
            : throw new SettingException($"{child.Path}: {section} is a list; write \"{section}\": [ {{ … }} ], or {section}:0:{child.Key} with --set {Where(configuration)}")).ToList();

    private static IConfigurationRoot Understood(string path, Func<IConfigurationRoot> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new SettingException(e.GetBaseException() is JsonException json
                ? string.Create(CultureInfo.InvariantCulture, $"{path}:{json.LineNumber + 1}:{json.BytePositionInLine + 1}: this is not valid JSON; correct it there or just before")
                : $"{path}: this is not valid JSON: {e.GetBaseException().Message.ReplaceLineEndings(" ")}; write it as {{ \"Publication\": {{ … }} }}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingException($"{path}: the file is gone; put it back");
        }
    }

    /// <summary>A file that is gone while we run is a fault, for it may be back in a moment: read as an empty one, it would name no relay.</summary>
    private static JsonConfigurationProvider Again(FileConfigurationSource source) => new(new JsonConfigurationSource { FileProvider = source.FileProvider, Path = source.Path ?? "", Optional = false });

    private static KeyValuePair<string, string?> Pair(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } key, var value]
            ? new(key.Trim(), value)
            : throw new SettingException($"--set {text}: write Section:Key=Value, for example --set Publication:Name=\"Field Notes\"");

    /// <summary>A list may stand in one value, with commas between: for <c>--set</c> and the environment.</summary>
    private static IConfiguration WithLists(IConfigurationSection section, Type type)
    {
        var lists = type.GetProperties().Where(property => property.CanWrite && property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && section[property.Name] is { Length: > 0 });
        var values = lists.SelectMany(property => section[property.Name]!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select((value, i) => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{property.Name}:{i}"), (string?)value))).ToList();
        return values.Count == 0 ? section : new ConfigurationBuilder().AddConfiguration(section).AddInMemoryCollection(values).Build();
    }

    private static T Bind<T>(IConfiguration configuration, string section, Func<T> bind)
    {
        try { return bind(); }
        catch (InvalidOperationException e)
        {
            var misfits = string.Join("; ", SettingKind.Misfits(typeof(T), configuration.GetSection(section)));
            throw new SettingException($"{(misfits.Length > 0 ? misfits : $"{section}: a value is of the wrong kind: {e.Message.ReplaceLineEndings(" ")}")} {Where(configuration)}");
        }
    }

    private static T Checked<T>(IConfiguration configuration, string section, T value) where T : class
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(value, new ValidationContext(value), faults, validateAllProperties: true);
        var words = SettingNames.UnknownKeys(typeof(T), configuration.GetSection(section))
            .Concat(faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{section}:{fault.MemberNames.FirstOrDefault()} {Words(fault)}"))).ToList();
        return words.Count == 0 ? value : throw new SettingException($"{string.Join("; ", words)} {Where(configuration)}");
    }

    /// <summary>Where a person mends it: the file that was read, or would have been.</summary>
    internal static string Where(IConfiguration configuration) => $"(in {FileOf(configuration as IConfigurationRoot) ?? "appsettings.json"}, or with --set)";

    private static string? FileOf(IConfigurationRoot? configuration) =>
        configuration?.Providers.OfType<JsonConfigurationProvider>().FirstOrDefault()?.Source is { } source ? source.FileProvider?.GetFileInfo(source.Path ?? "").PhysicalPath : null;

    private static string Words(ValidationResult fault) =>
        fault.ErrorMessage is { } words && words.EndsWith(" field is required.", StringComparison.Ordinal) ? "is missing" : fault.ErrorMessage ?? "is not right";
}

/// <summary>The configuration has a fault that a person must mend; the message names the key and the remedy.</summary>
public sealed class SettingException(string message) : Exception(message);
