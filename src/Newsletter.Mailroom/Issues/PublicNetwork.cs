using System.Net;
using System.Net.Sockets;

namespace Newsletter.Mailroom;

/// <summary>Which addresses of hosts are of the open internet: an issue's links must not make the machine talk to itself or to its neighbours.</summary>
internal static class PublicNetwork
{
    // IANA's registries of special addresses (RFC 6890), those that lead nowhere or into somebody's house.
    private static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Whether a host at this address may be asked.</summary>
    public static bool Holds(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return Holds(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && Within(address.GetAddressBytes()) is { } inner)
            return Holds(inner);
        return !Array.Exists(Closed, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>The IPv4 address that one of IPv6 leads to: NAT64 (RFC 6052), 6to4 (RFC 3056), and the compatible form (RFC 4291 §2.5.5.1).</summary>
    private static IPAddress? Within(byte[] octets) =>
        octets.AsSpan().StartsWith((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) ? new(octets[12..])
        : octets is [0x20, 0x02, ..] ? new(octets[2..6])
        : !octets.AsSpan(0, 12).ContainsAnyExcept((byte)0) && octets.AsSpan(12).ContainsAnyExcept((byte)0) && octets is not [.., 0, 0, 0, 1] ? new(octets[12..])
        : null;
}
