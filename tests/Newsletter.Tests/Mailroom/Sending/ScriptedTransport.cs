using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>A way out whose answers a test gives, at the time that the test wants.</summary>
internal sealed class ScriptedTransport(string name, int connections) : ITransport
{
    private readonly List<string> to = [];

    public string Name => name;

    public int Connections => connections;

    /// <summary>What becomes of the opening of a line; null: it is open.</summary>
    public Func<Task<SmtpOutcome?>> Opening { get; init; } = () => Task.FromResult<SmtpOutcome?>(null);

    /// <summary>To whom letters went, in their order.</summary>
    public IReadOnlyList<string> To
    {
        get
        {
            lock (to)
                return [.. to];
        }
    }

    public ITransportConnection Open() => new Line(this);

    private sealed class Line(ScriptedTransport transport) : ITransportConnection
    {
        public Task<SmtpOutcome?> OpenAsync(CancellationToken stop) => transport.Opening();

        public Task<SmtpOutcome> SendAsync(Letter letter)
        {
            lock (transport.to)
                transport.to.Add(letter.Recipient);
            return Task.FromResult<SmtpOutcome>(new SmtpOutcome.Accepted("2.0.0 taken"));
        }

        public ValueTask DisposeAsync() => default;
    }
}
