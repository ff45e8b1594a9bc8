using System.Collections.Concurrent;

namespace Newsletter.Mailroom;

/// <summary>One request to a host at a time, with a pause between two, whoever asks: the next address of a list, or a redirect from another host.</summary>
internal sealed class HostTurns(TimeSpan pause, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits until the address's host may be asked; the turn ends when it is disposed.</summary>
    public async Task<IDisposable> TakeAsync(Uri address, CancellationToken ct)
    {
        var host = _hosts.GetOrAdd(address.Authority, _ => new Host());
        await host.Free.WaitAsync(ct);
        try
        {
            if (host.Asked is { } asked && pause - time.GetElapsedTime(asked) is { Ticks: > 0 } rest)
                await Task.Delay(rest, time, ct);
        }
        catch
        {
            host.Free.Release();
            throw;
        }
        return new Turn(host, time);
    }

    private sealed class Host
    {
        public SemaphoreSlim Free { get; } = new(1);

        /// <summary>When the last request ended; null: there was none.</summary>
        public long? Asked { get; set; }
    }

    private sealed class Turn(Host host, TimeProvider time) : IDisposable
    {
        public void Dispose()
        {
            host.Asked = time.GetTimestamp();
            host.Free.Release();
        }
    }
}
