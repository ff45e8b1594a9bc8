using System.Threading.Channels;

namespace Newsletter.Mailroom;

/// <summary>One transport as all editions of this process share it: so many lines at a time, and one pace, however many editions run.</summary>
internal sealed class Outlet
{
    private readonly Channel<Line> free = Channel.CreateUnbounded<Line>();

    public Outlet(ITransport transport, TimeProvider time)
    {
        (Transport, Pace) = (transport, new Pace(transport.Rate, time));
        for (var i = 0; i < transport.Connections; i++)
            free.Writer.TryWrite(new Line(this));
    }

    public ITransport Transport { get; }

    public Pace Pace { get; }

    /// <summary>Waits while other editions have all lines. Disposing of it gives the line back.</summary>
    public async Task<IDisposable> TakeLineAsync(CancellationToken stop) => await free.Reader.ReadAsync(stop);

    private sealed class Line(Outlet outlet) : IDisposable
    {
        public void Dispose() => outlet.free.Writer.TryWrite(this);
    }
}
