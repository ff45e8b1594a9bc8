using System.Net;

namespace Newsletter.Mailroom;

/// <summary>The machine that this program runs on: what is said to it crosses no network.</summary>
internal static class ThisMachine
{
    /// <summary>Whether a server's name in a setting means it for certain.</summary>
    public static bool Is(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
