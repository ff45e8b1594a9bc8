namespace Newsletter.Mailroom;

/// <summary>Keeps the letters of one transport under its rate: each caller gets a moment of its own, evenly spaced, none saved up.</summary>
internal sealed class Pace(double perSecond, TimeProvider time)
{
    private readonly Lock gate = new();
    private DateTimeOffset next = DateTimeOffset.MinValue;

    public Task WaitAsync(CancellationToken stop)
    {
        if (perSecond <= 0)
            return Task.CompletedTask;
        TimeSpan wait;
        lock (gate)
        {
            var now = time.GetUtcNow();
            var mine = next > now ? next : now;
            next = mine + TimeSpan.FromSeconds(1 / perSecond);
            wait = mine - now;
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, stop) : Task.CompletedTask;
    }
}
