using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>One transport as all editions of this process share it: so many lines at a time, and one pace, however many editions run.</summary>
internal sealed class Outlet
{
    private readonly Lines lines;

    public Outlet(ITransport transport, TimeProvider time)
    {
        (Transport, Pace, lines) = (transport, new Pace(transport.Rate, time), new Lines(transport.Connections, time));
    }

    public ITransport Transport { get; }

    public Pace Pace { get; }

    /// <summary>Waits while other editions have all lines. Disposing of it gives the line back.</summary>
    public Task<Lines.Line> TakeLineAsync(Priority priority, CancellationToken stop) => lines.TakeAsync(priority, stop);
}
