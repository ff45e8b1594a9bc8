using System.Text;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>What all ways to a relay have in common: a line is kept for many letters, renewed after its most, and opened again, once, where the relay has closed it.</summary>
internal abstract class KeptConnection(RelayOptions relay) : ITransportConnection
{
    private int letters;

    protected RelayOptions Relay => relay;

    /// <summary>Whether there is a line, be it of use or not.</summary>
    protected abstract bool HasLine { get; }

    /// <summary>Whether the line can carry another letter, as far as can be known without asking.</summary>
    protected abstract bool IsOpen { get; }

    /// <summary>Whether the relay of the open line offers SMTPUTF8 (RFC 6531).</summary>
    protected abstract bool TakesUtf8 { get; }

    public async Task<SmtpOutcome?> OpenAsync(CancellationToken stop)
    {
        if (IsOpen && letters < relay.MaxPerConnection)
            return null;
        await CloseAsync();
        return await ConnectAsync(stop);
    }

    public async Task<SmtpOutcome> SendAsync(Letter letter)
    {
        var isKept = letters > 0 && letters < relay.MaxPerConnection;
        var outcome = await OpenAsync(CancellationToken.None) ?? await CarryAsync(letter);

        // A relay may close an idle line, or one that has carried enough, without a word or with 421. Nothing was given: a new line, once.
        return isKept && !HasLine && outcome is SmtpOutcome.Deferred { Scope: SmtpScope.Relay, Code: null or 421 }
            ? await OpenAsync(CancellationToken.None) ?? await CarryAsync(letter)
            : outcome;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>Opens a line where there is none; null when letters can be sent.</summary>
    protected abstract Task<SmtpOutcome?> ConnectAsync(CancellationToken stop);

    /// <summary>Hands over a letter on the open line, and lets go of a line that is of no more use.</summary>
    protected abstract Task<SmtpOutcome> HandOverAsync(Letter letter);

    /// <summary>Says goodbye where the relay still listens, and lets go of the line.</summary>
    protected abstract Task CloseAsync();

    /// <summary>To be called when the line is let go.</summary>
    protected void LetGo() => letters = 0;

    private async Task<SmtpOutcome> CarryAsync(Letter letter)
    {
        if (!Ascii.IsValid(letter.Recipient) && !TakesUtf8)
            return SmtpReplies.Read(SmtpStage.Recipient, 553, "5.6.7 the relay does not offer SMTPUTF8, which this address needs (RFC 6531)");
        letters++;
        return await HandOverAsync(letter);
    }
}
