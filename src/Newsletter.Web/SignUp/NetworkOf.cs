using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>Where a request comes from: the address that the connection has, or the one that a proxy of <c>Web:TrustedProxies</c> names.</summary>
internal sealed partial class NetworkOf(SignUpOptions options, ILogger<NetworkOf> log)
{
    private int warned;

    public SignUpOrigin Request(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        // Whoever is believed has taken the header away with what is behind it.
        if (context.Request.Headers.ContainsKey("X-Forwarded-For") && Interlocked.Exchange(ref warned, 1) == 0)
            LogProxy();
        return new(address?.ToString() ?? "", address is null || IPAddress.IsLoopback(address) ? "" : Network(address), context.Request.Headers.UserAgent.ToString());
    }

    /// <summary>The network of an address. Of this machine there is none: who comes from here is a proxy that is not believed, and everybody behind it is not one crowd.</summary>
    public string Network(IPAddress address)
    {
        var octets = address.GetAddressBytes();
        var bits = address.AddressFamily is AddressFamily.InterNetwork ? options.NetworkBits : options.NetworkBits6;
        for (var i = 0; i < octets.Length; i++)
            octets[i] &= (byte)(0xFF00 >> Math.Clamp(bits - (8 * i), 0, 8));
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(octets)}/{bits}");
    }

    [LoggerMessage(5009, LogLevel.Warning, "A proxy that is not in Web:TrustedProxies says for whom it asks (X-Forwarded-For), which is not believed: sign-ups are counted and recorded as the proxy's own. Where it is yours, name its address there.")]
    private partial void LogProxy();
}
