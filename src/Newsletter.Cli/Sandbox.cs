using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary>Says aloud that nobody but one address gets mail.</summary>
internal static class Sandbox
{
    /// <summary>Nothing where there is no sandbox.</summary>
    public static string? Words(IServiceProvider services) => services.GetRequiredService<SendingOptions>().Sandbox is { Length: > 0 } only
        ? $"SANDBOX: every mail goes to {only} and none to a reader (Sending:Sandbox)"
        : null;

    /// <summary>On stderr.</summary>
    public static void Tell(IServiceProvider services)
    {
        if (Words(services) is { } words)
            Console.Error.WriteLine(words + ".");
    }
}
