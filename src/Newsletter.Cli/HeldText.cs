using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>What workers hold back just now: relays, domains, hours, changed settings that are wrong.</summary>
internal static class HeldText
{
    public static async Task WriteAsync(IServiceProvider services, CancellationToken ct)
    {
        foreach (var hold in await services.GetRequiredService<PaceStore>().HoldsAsync(services.GetRequiredService<TimeProvider>().GetUtcNow(), ct))
            Console.Out.WriteLine(Plain.Line(Words(hold)));
    }

    private static string Words(PaceHold hold) =>
        string.Create(CultureInfo.InvariantCulture, $"held  {hold.Kind} {hold.Name} until {hold.Until:yyyy-MM-dd HH:mm:ss} UTC: {hold.Reason}");
}
