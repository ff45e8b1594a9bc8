using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>One claim of an edition on its way: its letter is written and handed over, and what the relay said becomes a result.</summary>
internal sealed class LetterCarrier(Edition edition, EditionLetters letters, SendingDesk desk, GroupCommit commits)
{
    private bool Holds => desk.Options.InDoubt is InDoubtPolicy.Hold;

    /// <summary>The result, not recorded yet.</summary>
    /// <param name="connection">An open one.</param>
    /// <param name="claim">Ours.</param>
    /// <param name="gate">Of the reader's domain, entered; it is left here, whatever happens.</param>
    public async Task<AttemptResult> CarryAsync(ITransportConnection connection, Claim claim, DomainGate gate)
    {
        SmtpOutcome? outcome = null;
        try
        {
            outcome = await SendAsync(connection, claim);
            return ResultOf(claim, outcome);
        }
        finally
        {
            gate.End(outcome, desk.Time.GetUtcNow());
        }
    }

    private Task<SmtpOutcome> SendAsync(ITransportConnection connection, Claim claim) => letters.Write(claim) switch
    {
        null => Task.FromResult<SmtpOutcome>(new SmtpOutcome.Refused(null, null, "the address kept in the store is none any more", SmtpScope.Recipient)),
        { } letter when Holds => HandOverAsync(connection, letter, claim),
        { } letter => connection.SendAsync(letter),
    };

    /// <summary>Whatever ends it, the ledger or the journal says that it had begun: who does not want it twice decides.</summary>
    private async Task<SmtpOutcome> HandOverAsync(ITransportConnection connection, Letter letter, Claim claim)
    {
        commits.Begin(claim);
        try
        {
            return await connection.SendAsync(letter);
        }
        catch (Exception e) // a fault of ours; how far the letter came nobody knows
        {
            await commits.RecordAsync(ResultOf(claim, new SmtpOutcome.InDoubt($"sending broke off: {e.Message}")));
            throw;
        }
    }

    private AttemptResult ResultOf(Claim claim, SmtpOutcome outcome)
    {
        var now = desk.Time.GetUtcNow();
        var after = AfterAttempt.Of(outcome, claim.Attempt, claim.RunsSince, now, desk.Options.Retry, Holds);
        return new(claim, outcome, after, now, letters.RevisionOf(claim), outcome is SmtpOutcome.Rejected rejected && edition.Sandbox.Length == 0 ? Rejections.ChangeOf(rejected, edition.Id, now) : null);
    }
}
