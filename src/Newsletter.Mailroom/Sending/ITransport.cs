using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Where letters go: an SMTP relay or a pickup folder.</summary>
public interface ITransport
{
    /// <summary>For people and logs: host and port, or the folder. Never a secret.</summary>
    string Name { get; }

    /// <summary>How many connections may be open at a time, each with its own loop; at least 1.</summary>
    int Connections { get; }

    /// <summary>How many letters it gets, and of whom. Whoever sends keeps to it.</summary>
    RelayPace Pace => RelayPace.Free;

    /// <summary>A connection of its own for one loop. Nothing is opened yet.</summary>
    ITransportConnection Open();
}

/// <summary>One line to a transport, for one caller at a time. Opened when first needed, kept, and opened again when it was lost.</summary>
public interface ITransportConnection : IAsyncDisposable
{
    /// <summary>Opens the line and signs in without sending anything. Null when letters can be sent, else why not, with the remedy.</summary>
    Task<SmtpOutcome?> OpenAsync(CancellationToken stop);

    /// <summary>Hands over one letter. Takes no token: between two letters one may stop, inside one not. Throws for faults of ours only.</summary>
    Task<SmtpOutcome> SendAsync(Letter letter);
}
