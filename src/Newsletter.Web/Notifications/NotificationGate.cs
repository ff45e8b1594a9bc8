namespace Newsletter.Web;

/// <summary>How many requests are in the house at once: each may hold a megabyte before it is known who sent it.</summary>
/// <remarks>No address is locked out for wrong signatures: behind a proxy, all have one, and a stranger could so keep the provider out.</remarks>
internal sealed class NotificationGate : IDisposable
{
    public const int Most = 32;
    private readonly SemaphoreSlim places = new(Most);

    /// <summary>A place, given back when it is disposed of; null where all are taken.</summary>
    public IDisposable? TryEnter() => places.Wait(0) ? new Place(places) : null;

    public void Dispose() => places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
