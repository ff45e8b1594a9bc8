using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>The rooms of returned mail, put together.</summary>
public static class ReturnsWiring
{
    internal static IServiceCollection AddReturns(this IServiceCollection services, IConfiguration configuration, PublicationFolder folder)
    {
        services.AddSingleton(_ => configuration.Read<BouncePolicyOptions>("Returns:Policy"));
        services.AddSingleton(provider => provider.GetRequiredService<BouncePolicyOptions>().Policy);
        services.AddSingleton(_ => configuration.Read<IncidentOptions>("Returns:Incidents").Rules);
        services.AddSingleton<SuspensionStore>();
        services.AddSingleton<IncidentStore>();
        services.AddSingleton<ProbeStore>();
        services.AddSingleton<Incidents>();
        services.AddSingleton<Probes>();
        services.AddSingleton<ReturnedMailStore>();
        services.AddSingleton<MailboxStore>();
        services.AddSingleton<InboxStore>();
        services.AddSingleton<NotificationStore>();
        services.AddSingleton(_ => ReturnsOptions.Read(configuration));
        services.AddSingleton(provider => IncomingRules.Of(provider.GetRequiredService<ReturnsOptions>(), provider.GetRequiredService<Publication>()));
        services.AddSingleton<ReturnDesk>();
        services.AddSingleton<FarewellStore>();
        services.AddSingleton<LeaveStore>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Farewells>(provider, HarmlessAddresses.InSandbox(provider, configuration)));
        services.AddSingleton<WishesToLeave>();
        services.AddSingleton<SecondReading>();
        services.AddSingleton<ReplyForwarder>();
        services.AddSingleton<OwedMail>();
        services.AddSingleton(provider => EditorAddresses.Of(provider.GetRequiredService<Publication>()));
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<AnswerDesk>();
        services.AddSingleton<AnswerLetters>();
        services.AddSingleton<AnswerSender>();
        services.AddSingleton<MailboxRecord>();
        services.AddSingleton<MailSources>();
        services.AddSingleton(provider => provider.GetRequiredService<MailSources>().Mailboxes(configuration, folder));
        services.AddSingleton(_ => MailSources.Listeners(configuration, folder));
        services.AddSingleton<Mailboxes>();
        return services;
    }

    /// <summary>The way in over HTTP; for a process that has pages.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton(provider => SnsAuthority.OfAmazon(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new NotificationSources(
            NotificationSources.Read(provider.GetRequiredService<IConfiguration>()), provider.GetRequiredService<SnsAuthority>(), provider.GetRequiredService<ILogger<NotificationSources>>()));
        services.AddSingleton<RefusedNotifications>();
        services.AddSingleton<NotificationDesk>();
        services.AddSingleton<NotificationShift>();
        services.AddHostedService(provider => provider.GetRequiredService<NotificationShift>());
        return services;
    }
}
