using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;

namespace Newsletter.Cli;

/// <summary>Opens a server's sockets, and says in a line why they cannot be opened.</summary>
internal static class Listening
{
    /// <summary>Null where it listens.</summary>
    public static async Task<string?> StartAsync(WebApplication site, string listen, CancellationToken stop)
    {
        try
        {
            await site.StartAsync(stop);
            return null;
        }
        catch (IOException e) when (e.InnerException is not null)
        {
            return $"{listen}: {e.InnerException.Message.ReplaceLineEndings(" ")}; another program listens there: stop it, or name another address with --urls";
        }
        catch (InvalidOperationException e) when (listen.Contains("https:", StringComparison.OrdinalIgnoreCase))
        {
            return $"{listen}: {e.Message.ReplaceLineEndings(" ")} (a certificate is given in the section Kestrel of the configuration; without one name an address of http)";
        }
        catch (SocketException e)
        {
            return $"{listen}: {e.Message}; name an address and port of this machine that this user may listen on with --urls";
        }
    }
}
