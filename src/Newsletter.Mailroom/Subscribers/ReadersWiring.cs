using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What readers do on pages of their own, put together.</summary>
public static class ReadersWiring
{
    /// <summary>The topics that readers may choose from; none, where none is configured.</summary>
    /// <exception cref="SettingException">One is not right, or two have one id.</exception>
    public static IReadOnlyList<Topic> Topics(IConfiguration configuration)
    {
        var topics = configuration.ReadList<Topic>("Topics");
        return topics.GroupBy(topic => topic.Id).FirstOrDefault(alike => alike.Count() > 1) is { } twice
            ? throw new SettingException($"Topics: two have the Id {twice.Key}; give one another {Settings.Where(configuration)}")
            : topics;
    }

    internal static IServiceCollection AddReaders(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => configuration.Read<PreferencesOptions>("Preferences"));
        services.AddSingleton(_ => Topics(configuration));
        services.AddSingleton<ReaderStore>();
        services.AddSingleton<Preferences>();
        services.AddSingleton<Pauses>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ReaderMails>(provider, HarmlessAddresses.InSandbox(provider, configuration)));
        return services;
    }
}
