using System.Collections.Concurrent;

namespace Newsletter.Web;

/// <summary>How many requests are in the house at once, by the name that they came to: each may hold a megabyte before it is known who sent it.</summary>
/// <remarks>By name, so that slow requests to one that is easy to guess keep no other provider out. No address is locked out for wrong signatures: behind a proxy, all have one, and a stranger could so keep the provider out.</remarks>
internal sealed class NotificationGate : IDisposable
{
    public const int Most = 32;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> places = new(StringComparer.Ordinal);

    /// <summary>A place, given back when it is disposed of; null where all are taken.</summary>
    /// <param name="source">The name of a configured one: there are few.</param>
    public IDisposable? TryEnter(string source)
    {
        var own = places.GetOrAdd(source, _ => new(Most));
        return own.Wait(0) ? new Place(own) : null;
    }

    public void Dispose()
    {
        foreach (var own in places.Values)
            own.Dispose();
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
