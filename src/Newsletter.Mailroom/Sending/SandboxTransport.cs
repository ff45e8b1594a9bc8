using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>A way out that leads to one address alone, whatever a letter says: the last gate of <c>Sending:Sandbox</c>, before every relay and for every mail of this process.</summary>
internal sealed class SandboxTransport(ITransport relay, EmailAddress only) : ITransport
{
    public string Name => relay.Name;

    public int Connections => relay.Connections;

    public RelayPace Pace => relay.Pace;

    public bool TakesSeveral => relay.TakesSeveral;

    public ITransportConnection Open() => new Gate(relay.Open(), only.Wire);

    private sealed class Gate(ITransportConnection connection, string only) : ITransportConnection
    {
        public Task<SmtpOutcome?> OpenAsync(CancellationToken stop) => connection.OpenAsync(stop);

        public Task<SmtpOutcome> SendAsync(Letter letter) => connection.SendAsync(letter with { Recipient = only });

        public bool TakesSeveral => connection.TakesSeveral;

        public int AtOnce => connection.AtOnce;

        public TimeSpan Waited => connection.Waited;

        public Task<IReadOnlyList<SmtpOutcome>> SendAsync(IReadOnlyList<Letter> letters) => connection.SendAsync([.. letters.Select(letter => letter with { Recipient = only })]);

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
