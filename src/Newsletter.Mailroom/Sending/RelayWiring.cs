using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;

namespace Newsletter.Mailroom;

/// <summary>The ways out, as configured: relays or the pickup folder, and the keys that sign.</summary>
public static class RelayWiring
{
    internal static IServiceCollection AddRelays(this IServiceCollection services, IConfiguration configuration, PublicationFolder folder)
    {
        services.AddSingleton(provider => CurrentPlan.Of(configuration, folder, provider.GetRequiredService<ILogger<CurrentPlan>>()));
        services.AddSingleton(provider => provider.GetRequiredService<CurrentPlan>().Value.Transports);
        services.AddSingleton(_ => Seal(configuration, folder));
        services.AddSingleton(provider => new NoteWriter(provider.GetRequiredService<Publication>(), provider.GetRequiredService<DkimSeal>(), EmailAddress.Read(configuration["Sending:Sandbox"])));
        return services;
    }

    /// <summary>One for each entry of <c>Relays</c>; the pickup folder where there is none. In the sandbox each leads to its one address alone.</summary>
    /// <exception cref="SettingException">An entry has a fault.</exception>
    public static IReadOnlyList<ITransport> Transports(IConfiguration configuration, PublicationFolder folder) =>
        configuration.Read<SendingOptions>("Sending").Sandbox is { Length: > 0 } only
            ? [.. Ways(configuration, folder).Select(way => new SandboxTransport(way, EmailAddress.Read(only)!))] // checked when it was read
            : Ways(configuration, folder);

    /// <summary>Whether letters go out at all; else they are files.</summary>
    public static bool HasRelays(IConfiguration configuration) => configuration.GetSection("Relays").GetChildren().Any();

    private static IReadOnlyList<ITransport> Ways(IConfiguration configuration, PublicationFolder folder) =>
        configuration.ReadList<RelayOptions>("Relays") is { Count: > 0 } relays
            ? [.. relays.Select(relay => new SmtpTransport(relay))]
            : [new PickupTransport(folder.Outbox)];

    /// <summary>The keys of <c>Dkim</c>, read from their files; none signs nothing.</summary>
    /// <exception cref="SettingException">An entry has a fault, or its file is none, or two share a selector.</exception>
    public static DkimSeal Seal(IConfiguration configuration, PublicationFolder folder)
    {
        var keys = configuration.ReadList<DkimOptions>("Dkim").Select((options, i) => Key($"Dkim:{i}", options, folder.Resolve(options.KeyFile))).ToList();
        if (keys.GroupBy(key => key.RecordName).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new SettingException($"Dkim: two keys stand at {twice.Key}; give each its own Selector");
        return new(keys);
    }

    private static DkimKey Key(string section, DkimOptions options, string path)
    {
        try
        {
            return DkimKey.Read(options.Domain, options.Selector, File.ReadAllText(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingException($"{section}:KeyFile {path}: there is no such file; make one with 'openssl genrsa -out {path} 2048'");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{section}:KeyFile {path}: {e.Message}");
        }
    }
}
