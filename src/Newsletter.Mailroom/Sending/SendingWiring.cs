using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>The rooms of sending, put together.</summary>
internal static class SendingWiring
{
    public static IServiceCollection AddSending(this IServiceCollection services, IConfiguration configuration, PublicationFolder folder)
    {
        services.AddSingleton(_ => configuration.Read<SendingOptions>("Sending"));
        services.AddSingleton(_ => configuration.Read<ScheduleOptions>("Schedule"));
        services.AddSingleton(_ => configuration.Read<KeepingOptions>("Keeping"));
        services.AddSingleton<IssueFolder>();
        services.AddSingleton<NextReadyIssue>(provider => provider.GetRequiredService<IssueFolder>().NextReadyAsync);
        services.AddSingleton<EditionStore>();
        services.AddSingleton<ImageStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<SlotStore>();
        services.AddSingleton<EditionRules>();
        services.AddSingleton<PaceStore>();
        services.AddSingleton<DueTimes>();
        services.AddSingleton<LedgerStore>();
        services.AddSingleton<LedgerExport>();
        services.AddSingleton<RollupStore>();
        services.AddSingleton<Editions>();
        services.AddSingleton<SendingDesk>(provider => new(
            provider.GetRequiredService<EditionStore>(), provider.GetRequiredService<DeliveryStore>(), provider.GetRequiredService<IReadOnlyList<ITransport>>(),
            provider.GetRequiredService<OurAddresses>(), provider.GetRequiredService<SendingOptions>(), folder.Journals, provider.GetRequiredService<TimeProvider>())
        {
            Plans = provider.GetRequiredService<CurrentPlan>(), Paces = provider.GetRequiredService<PaceStore>(), DueTimes = provider.GetRequiredService<DueTimes>(),
            Harmless = HarmlessAddresses.Of(provider.GetRequiredService<Publication>(), configuration),
        });
        services.AddSingleton<Proofs>();
        services.AddSingleton<EditionAlarms>();
        services.AddSingleton(provider => new Dispatcher(provider.GetRequiredService<SendingDesk>(), provider.GetRequiredService<Publication>(), provider.GetRequiredService<DkimSeal>()));
        services.AddSingleton<ForegroundRun>();
        services.AddSingleton(provider => new WeeklySlots(
            provider.GetRequiredService<SlotStore>(), provider.GetRequiredService<EditionStore>(), provider.GetRequiredService<NextReadyIssue>(),
            provider.GetRequiredService<EditionRules>(), TimeZoneInfo.FindSystemTimeZoneById(provider.GetRequiredService<Publication>().TimeZone),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WeeklySlots>>()));
        services.AddSingleton<Clock>();
        return services;
    }
}
