using System.Collections.Concurrent;

namespace Newsletter.Mailroom;

/// <summary>One request to a host at a time, with a pause between two, whoever asks: the next address of a list, or a redirect from another host. None once it asked to be left alone.</summary>
internal sealed class HostTurns(TimeSpan pause, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits until the address's host may be asked; the turn ends when it is disposed.</summary>
    public async Task<Turn> TakeAsync(Uri address, CancellationToken ct)
    {
        var host = _hosts.GetOrAdd(address.Authority, _ => new Host());
        await host.Free.WaitAsync(ct);
        try
        {
            if (host.Enough is null && host.Asked is { } asked && pause - time.GetElapsedTime(asked) is { Ticks: > 0 } rest)
                await Task.Delay(rest, time, ct);
        }
        catch
        {
            host.Free.Release();
            throw;
        }
        return new Turn(host, time);
    }

    internal sealed class Host
    {
        public SemaphoreSlim Free { get; } = new(1);

        /// <summary>When the last request ended; null: there was none.</summary>
        public long? Asked { get; set; }

        /// <summary>The status by which it asked to be left alone; null: it did not.</summary>
        public int? Enough { get; set; }
    }

    /// <summary>The right to ask a host, until it is disposed.</summary>
    internal sealed class Turn(Host host, TimeProvider time) : IDisposable
    {
        /// <summary>The status by which the host asked to be left alone: it is not asked again. Null: it did not.</summary>
        public int? Enough
        {
            get => host.Enough;
            set => host.Enough = value;
        }

        public void Dispose()
        {
            host.Asked = time.GetTimestamp();
            host.Free.Release();
        }
    }
}
