using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Where letters go: an SMTP relay or a pickup folder.</summary>
public interface ITransport
{
    /// <summary>For people and logs: host and port, or the folder. Never a secret.</summary>
    string Name { get; }

    /// <summary>How many letters may be under way at a time, and so the most connections that are open; at least 1.</summary>
    int Connections { get; }

    /// <summary>How many letters it gets, and of whom. Whoever sends keeps to it.</summary>
    RelayPace Pace => RelayPace.Free;

    /// <summary>Whether its lines may take letters one behind the other, as far as is known before one is open.</summary>
    bool TakesSeveral => false;

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

    /// <summary>Whether the open line takes letters one behind the other, before the first is answered.</summary>
    bool TakesSeveral => false;

    /// <summary>How many it takes so just now.</summary>
    int AtOnce => 1;

    /// <summary>For how long the relay was waited for so far, openings included; nothing where nobody looked.</summary>
    TimeSpan Waited => TimeSpan.Zero;

    /// <summary>Hands over letters, no more than <see cref="AtOnce"/>; the outcomes in their order. Where the line is lost, each that may have been taken is in doubt.</summary>
    async Task<IReadOnlyList<SmtpOutcome>> SendAsync(IReadOnlyList<Letter> letters)
    {
        var outcomes = new List<SmtpOutcome>(letters.Count);
        foreach (var letter in letters)
            outcomes.Add(await SendAsync(letter));
        return outcomes;
    }
}
