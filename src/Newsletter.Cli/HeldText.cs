using Microsoft.Extensions.DependencyInjection;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>What workers hold back just now: relays, domains, hours, changed settings that are wrong.</summary>
internal static class HeldText
{
    public static async Task WriteAsync(IServiceProvider services, CancellationToken ct)
    {
        var local = LocalText.Of(services);
        foreach (var hold in await services.GetRequiredService<PaceStore>().HoldsAsync(services.GetRequiredService<TimeProvider>().GetUtcNow(), ct))
            Console.Out.WriteLine(Plain.Line(Words(hold, local)));
    }

    private static string Words(PaceHold hold, LocalText local) => $"held  {hold.Kind} {hold.Name} until {local.Second(hold.Until)}: {hold.Reason}";
}
