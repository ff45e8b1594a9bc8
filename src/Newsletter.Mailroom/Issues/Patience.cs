namespace Newsletter.Mailroom;

/// <summary>The time that one address has for all its requests and their answers; waiting for a host's turn costs none of it.</summary>
internal sealed class Patience(TimeSpan whole, TimeProvider time)
{
    private TimeSpan _left = whole;

    /// <summary>Begins a request; it costs time until it is disposed.</summary>
    /// <param name="ct">Stops it as well.</param>
    public Spell Begin(CancellationToken ct)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (_left > TimeSpan.Zero)
            source.CancelAfter(_left);
        else
            source.Cancel();
        var began = time.GetTimestamp();
        return new(source, () => _left -= time.GetElapsedTime(began));
    }

    /// <summary>One request's share.</summary>
    internal sealed class Spell(CancellationTokenSource source, Action ended) : IDisposable
    {
        /// <summary>Says that the time is up.</summary>
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            ended();
            source.Dispose();
        }
    }
}
