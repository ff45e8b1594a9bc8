using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Claims of an edition on their way: their letters are written and handed over, and what the relay said becomes results.</summary>
internal sealed class LetterCarrier(Edition edition, EditionLetters letters, SendingDesk desk, GroupCommit commits)
{
    private bool Holds => desk.Options.InDoubt is InDoubtPolicy.Hold;

    /// <summary>The results, in the order of the claims; not recorded yet.</summary>
    /// <param name="connection">An open one.</param>
    /// <param name="taken">Claims of ours, each with the gate of its reader's domain, entered; they are left here, whatever happens.</param>
    public async Task<IReadOnlyList<AttemptResult>> CarryAsync(ITransportConnection connection, IReadOnlyList<(Claim Claim, DomainGate Gate)> taken)
    {
        var outcomes = new SmtpOutcome?[taken.Count];
        try
        {
            await SendAsync(connection, taken, outcomes);
            return [.. taken.Select((one, i) => ResultOf(one.Claim, outcomes[i]!))];
        }
        finally
        {
            var now = desk.Time.GetUtcNow();
            for (var i = 0; i < taken.Count; i++)
                taken[i].Gate.End(outcomes[i], now);
        }
    }

    private async Task SendAsync(ITransportConnection connection, IReadOnlyList<(Claim Claim, DomainGate)> taken, SmtpOutcome?[] outcomes)
    {
        var (places, going) = (new List<int>(taken.Count), new List<Letter>(taken.Count));
        for (var i = 0; i < taken.Count; i++)
            if (letters.Write(taken[i].Claim) is { } letter)
            {
                places.Add(i);
                going.Add(letter);
            }
            else
                outcomes[i] = new SmtpOutcome.Refused(null, null, "the address kept in the store is none any more", SmtpScope.Recipient);
        if (going.Count == 0)
            return;
        var said = Holds ? await HandOverAsync(connection, going, [.. places.Select(i => taken[i].Claim)]) : await HandOverAsync(connection, going);
        for (var i = 0; i < places.Count; i++)
            outcomes[places[i]] = said[i];
    }

    private static async Task<IReadOnlyList<SmtpOutcome>> HandOverAsync(ITransportConnection connection, List<Letter> going) =>
        going.Count == 1 ? [await connection.SendAsync(going[0])] : await connection.SendAsync(going);

    /// <summary>Whatever ends it, the ledger or the journal says that it had begun: who does not want it twice decides.</summary>
    private async Task<IReadOnlyList<SmtpOutcome>> HandOverAsync(ITransportConnection connection, List<Letter> going, IReadOnlyList<Claim> claims)
    {
        foreach (var claim in claims)
            commits.Begin(claim);
        try
        {
            return await HandOverAsync(connection, going);
        }
        catch (Exception e) // a fault of ours; how far the letters came nobody knows
        {
            await commits.RecordAsync([.. claims.Select(claim => ResultOf(claim, new SmtpOutcome.InDoubt($"sending broke off: {e.Message}")))]);
            throw;
        }
    }

    private AttemptResult ResultOf(Claim claim, SmtpOutcome outcome)
    {
        var now = desk.Time.GetUtcNow();
        var after = AfterAttempt.Of(outcome, claim.Attempt, claim.RunsSince, now, desk.Options.Retry, Holds);
        return new(claim, outcome, after, now, letters.RevisionOf(claim), edition.Sandbox.Length == 0 ? Rejections.FactOf(outcome, after, claim.Id, now) : null);
    }
}
