using MailKit.Net.Smtp;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Letters go to a relay by SMTP (RFC 5321), over kept-alive connections: our own where the relay takes commands one behind the other, else MailKit's.</summary>
public sealed class SmtpTransport(RelayOptions relay, TimeProvider? time = null) : ITransport
{
    private readonly TimeProvider clock = time ?? TimeProvider.System;
    private volatile bool wantsMailKit = relay.Way is RelayWay.MailKit;

    /// <inheritdoc/>
    public string Name => $"{relay.Host}:{relay.ActualPort}";

    /// <inheritdoc/>
    public int Connections => relay.Connections;

    /// <inheritdoc/>
    public RelayPace Pace { get; } = relay.Pace;

    /// <inheritdoc/>
    public bool TakesSeveral => !wantsMailKit;

    /// <inheritdoc/>
    public ITransportConnection Open() => wantsMailKit ? new MailKitConnection(relay, clock) : relay.Way is RelayWay.Bulk ? new BulkConnection(relay, clock) : new Chosen(this, relay);

    /// <summary>Ours, until a relay that has greeted us turns out not to offer what it needs.</summary>
    private sealed class Chosen(SmtpTransport transport, RelayOptions relay) : ITransportConnection
    {
        private ITransportConnection connection = new BulkConnection(relay, transport.clock);

        public async Task<SmtpOutcome?> OpenAsync(CancellationToken stop)
        {
            if (await connection.OpenAsync(stop) is { } trouble)
                return trouble;
            if (connection is not BulkConnection { IsOffered: false })
                return null;
            transport.wantsMailKit = true;
            await connection.DisposeAsync();
            connection = new MailKitConnection(relay, transport.clock);
            return await connection.OpenAsync(stop);
        }

        public async Task<SmtpOutcome> SendAsync(Letter letter) => await OpenAsync(CancellationToken.None) ?? await connection.SendAsync(letter);

        public bool TakesSeveral => connection.TakesSeveral;

        public int AtOnce => connection.AtOnce;

        public TimeSpan Waited => connection.Waited;

        public async Task<IReadOnlyList<SmtpOutcome>> SendAsync(IReadOnlyList<Letter> letters) =>
            await OpenAsync(CancellationToken.None) is { } trouble ? [.. letters.Select(_ => trouble)] : await connection.SendAsync(letters);

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}

/// <summary>One kept-alive connection of MailKit.</summary>
internal sealed class MailKitConnection(RelayOptions relay, TimeProvider time) : KeptConnection(relay, time)
{
    private LetterClient? client;
    private RelayStream? octets;

    protected override bool HasLine => client is not null;

    protected override bool IsOpen => client is { IsConnected: true } && octets is { IsOver: false };

    protected override bool TakesUtf8 => client!.Capabilities.HasFlag(SmtpCapabilities.UTF8);

    protected override long? MostOctets => client!.Capabilities.HasFlag(SmtpCapabilities.Size) ? client.MaxSize : null;

    protected override async Task<SmtpOutcome?> ConnectAsync(CancellationToken stop)
    {
        var line = new RelayLine(Relay);
        try
        {
            client = await line.OpenAsync(stop);
            octets = line.Octets;
            return null;
        }
        catch (Exception e) when (!stop.IsCancellationRequested && (RelayTrouble.IsOfTheLine(e) || e is NotSupportedException))
        {
            return RelayTrouble.WhileOpening(e, line.Stage, Relay);
        }
    }

    protected override SmtpOutcome[] HandOver(IReadOnlyList<Letter> letters) => [.. letters.Select(HandOver)];

    private SmtpOutcome HandOver(Letter letter)
    {
        if (client is null)
            return SmtpReplies.Lost(SmtpStage.Sender, "the line was lost with the letter before");
        try
        {
            return SmtpReplies.Read(SmtpStage.AfterDot, 250, client!.Send(letter));
        }
        catch (Exception e) when (RelayTrouble.IsOfTheLine(e))
        {
            // MailKit believes that the letter has left us where the line took no more of it.
            var outcome = RelayTrouble.WhileSending(e, client!.Stage is SmtpStage.AfterDot && octets!.HasLost ? SmtpStage.Data : client.Stage);
            if (!client.IsConnected || outcome is SmtpOutcome.Deferred { Code: null or 421 } or SmtpOutcome.InDoubt)
                Drop();
            return outcome;
        }
    }

    /// <summary>With QUIT, where the relay still listens; it gets a moment for its goodbye and no more.</summary>
    protected override void Close()
    {
        if (IsOpen)
            try
            {
                using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                octets!.Stop = moment.Token;
                client!.Disconnect(quit: true, moment.Token);
            }
            catch (Exception e) when (RelayTrouble.IsOfTheLine(e))
            {
                // It is closed either way.
            }
        Drop();
    }

    private void Drop()
    {
        client?.Dispose();
        (client, octets) = (null, null);
        LetGo();
    }
}
