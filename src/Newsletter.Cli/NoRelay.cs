using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary>Says aloud that letters lie in a folder and nobody has got them.</summary>
internal static class NoRelay
{
    /// <summary>Null where letters go out.</summary>
    public static string? Words(IServiceProvider services) => RelayWiring.HasRelays(services.GetRequiredService<IConfiguration>())
        ? null
        : $"No relay is configured (Relays): letters are files in {services.GetRequiredService<PublicationFolder>().Outbox} and reach nobody";

    /// <summary>On stderr.</summary>
    public static void Tell(IServiceProvider services)
    {
        if (Words(services) is { } words)
            Console.Error.WriteLine(words + ".");
    }
}
