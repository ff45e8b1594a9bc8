using System.Text;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>What all ways to a relay have in common: a line is kept for many letters, renewed after its most letters or its longest age, and opened again, once, where the relay has closed it.</summary>
/// <remarks>It waits for the relay on a <see cref="LineThread"/>: the caller's, where it has one.</remarks>
internal abstract class KeptConnection(RelayOptions relay, TimeProvider time) : ITransportConnection
{
    private static readonly Task<SmtpOutcome?> Nothing = Task.FromResult<SmtpOutcome?>(null);

    private int letters;
    private long opened;
    private bool isSeen; // to be open, since the last letter

    protected RelayOptions Relay => relay;

    /// <summary>Whether there is a line, be it of use or not.</summary>
    protected abstract bool HasLine { get; }

    /// <summary>Whether the line can carry another letter, as far as can be known without asking.</summary>
    protected abstract bool IsOpen { get; }

    /// <summary>Whether the relay of the open line offers SMTPUTF8 (RFC 6531).</summary>
    protected abstract bool TakesUtf8 { get; }

    /// <summary>The most octets of a letter that the relay of the open line has announced (RFC 1870); 0 or null: none.</summary>
    protected abstract long? MostOctets { get; }

    public Task<SmtpOutcome?> OpenAsync(CancellationToken stop) => (isSeen = IsOpen && !IsUsedUp) ? Nothing : LineThread.RunAsync(() => OpenAnewAsync(stop));

    public virtual bool TakesSeveral => false;

    public virtual int AtOnce => 1;

    public virtual TimeSpan Waited => TimeSpan.Zero;

    public async Task<SmtpOutcome> SendAsync(Letter letter) => (await SendAsync([letter]))[0];

    public Task<IReadOnlyList<SmtpOutcome>> SendAsync(IReadOnlyList<Letter> letters) => LineThread.RunAsync(() => CarryAsync(letters));

    public ValueTask DisposeAsync() => HasLine ? new(LineThread.RunAsync(() =>
    {
        Close();
        return Task.CompletedTask;
    })) : ValueTask.CompletedTask;

    /// <summary>Opens a line where there is none; null when letters can be sent.</summary>
    protected abstract Task<SmtpOutcome?> ConnectAsync(CancellationToken stop);

    /// <summary>How many letters the open line may still carry.</summary>
    protected int Room => relay.MaxPerConnection - letters;

    /// <summary>Hands over letters on the open line, and lets go of a line that is of no more use.</summary>
    protected abstract SmtpOutcome[] HandOver(IReadOnlyList<Letter> letters);

    /// <summary>Says goodbye where the relay still listens, and lets go of the line.</summary>
    protected abstract void Close();

    /// <summary>To be called when the line is let go.</summary>
    protected void LetGo() => letters = 0;

    /// <summary>What a relay does to a line that has been idle, or has carried enough, and to the next letter on it. Nothing was given: a new line, once.</summary>
    private bool EndsTheLine(SmtpOutcome outcome) => outcome switch
    {
        SmtpOutcome.Deferred { Scope: SmtpScope.Relay, Code: null or 421 } => !HasLine,
        SmtpOutcome.Deferred { Status: "4.5.3" or "5.5.3" } or SmtpOutcome.Deferred { Code: 452, Status: null } => true, // too many recipients, for one line
        SmtpOutcome.Refused { Code: 530 } => relay.User.Length > 0, // RFC 4954 §6: our sign-in no longer counts
        _ => false,
    };

    private bool IsUsedUp => letters >= relay.MaxPerConnection || (relay.MaxConnectionAge > TimeSpan.Zero && time.GetElapsedTime(opened) >= relay.MaxConnectionAge);

    private Task<SmtpOutcome?> OpenAnewAsync(CancellationToken stop)
    {
        Close();
        opened = time.GetTimestamp();
        return ConnectAsync(stop);
    }

    private async Task<IReadOnlyList<SmtpOutcome>> CarryAsync(IReadOnlyList<Letter> given)
    {
        var mayRenew = letters > 0 && !IsUsedUp;
        var outcomes = (isSeen ? null : await OpenAsync(CancellationToken.None)) is { } trouble ? [.. given.Select(_ => trouble)] : Carry(given);
        isSeen = false;
        if (Array.TrueForAll(outcomes, outcome => outcome is SmtpOutcome.Accepted))
            return outcomes;
        for (var left = Enumerable.Range(0, given.Count).ToArray(); ; mayRenew = false)
        {
            // A line that carried some of them, and then no more, carries the others anew.
            mayRenew |= left.Any(i => outcomes[i] is SmtpOutcome.Accepted);
            left = mayRenew ? [.. left.Where(i => EndsTheLine(outcomes[i]))] : [];
            if (left.Length == 0)
                return outcomes;
            var again = await OpenForOthersAsync(outcomes) is { } fault ? [.. left.Select(_ => fault)] : Carry([.. left.Select(i => given[i])]);
            for (var i = 0; i < left.Length; i++)
                outcomes[left[i]] = again[i];
        }
    }

    /// <summary>A fault of ours may not cost what the relay has said of other letters: these wait, and it comes again with the next opening.</summary>
    private async Task<SmtpOutcome?> OpenForOthersAsync(SmtpOutcome[] outcomes)
    {
        try
        {
            return await OpenAnewAsync(CancellationToken.None);
        }
        catch (Exception e) when (Array.Exists(outcomes, outcome => outcome is SmtpOutcome.Accepted))
        {
            return SmtpReplies.Lost(SmtpStage.Connect, $"no new line could be opened: {e.Message}");
        }
    }

    private SmtpOutcome[] Carry(IReadOnlyList<Letter> given)
    {
        var outcomes = given.Select(Objection).ToArray();
        var going = Array.TrueForAll(outcomes, outcome => outcome is null) ? given : [.. given.Where((_, i) => outcomes[i] is null)];
        letters += going.Count;
        var said = new Queue<SmtpOutcome>(going.Count > 0 ? HandOver(going) : []);
        return [.. outcomes.Select(outcome => outcome ?? said.Dequeue())];
    }

    /// <summary>Why the relay of the open line would not take the letter.</summary>
    private SmtpOutcome? Objection(Letter letter)
    {
        if (!Ascii.IsValid(letter.Recipient) && !TakesUtf8)
            return SmtpReplies.Read(SmtpStage.Recipient, 553, "5.6.7 the relay does not offer SMTPUTF8, which this address needs (RFC 6531)");
        return MostOctets is > 0 and var most && letter.Length > most
            ? SmtpReplies.Read(SmtpStage.Sender, 552, $"5.3.4 the relay takes letters of {most} octets at most, this one has {letter.Length}")
                with { Remedy = "link large images instead of embedding them, or have the relay's limit raised" }
            : null;
    }
}
