using System.Net;

namespace Newsletter.Web;

/// <summary>Counts the tries to sign in, by network: a few in a quarter of an hour, and then no more are looked at.</summary>
/// <remarks>A network is a /24 or a /56: who has one address mostly has its neighbours too. Kept in memory: a restart forgets, and costs the guesser more than it gives.</remarks>
internal sealed class FailedSignIns(TimeProvider time)
{
    public const int Most = 5;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private const int MostNetworks = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<IPNetwork, (int Count, DateTimeOffset Since)> tries = [];

    /// <summary>Counts a try before it is looked at, so that many at once count as many; false where there were too many.</summary>
    public bool MayTry(IPAddress? address)
    {
        var (network, now) = (NetworkOf(address), time.GetUtcNow());
        lock (gate)
        {
            if (tries.Count >= MostNetworks)
                foreach (var (old, _) in tries.Where(pair => now - pair.Value.Since >= Window).ToList())
                    tries.Remove(old);
            var entry = tries.TryGetValue(network, out var known) && now - known.Since < Window ? known : (Count: 0, Since: now);
            if (entry.Count >= Most || (tries.Count >= MostNetworks && !tries.ContainsKey(network)))
                return false;
            tries[network] = (entry.Count + 1, entry.Since);
            return true;
        }
    }

    /// <summary>A sign-in that succeeded: earlier slips are forgotten.</summary>
    public void Forget(IPAddress? address)
    {
        lock (gate)
            tries.Remove(NetworkOf(address));
    }

    private static IPNetwork NetworkOf(IPAddress? address)
    {
        var plain = address is null ? IPAddress.None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var kept = bytes.Length == 4 ? 3 : 7;
        bytes.AsSpan(kept).Clear();
        return new(new IPAddress(bytes), kept * 8);
    }
}
