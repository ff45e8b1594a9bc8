using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <content>The loop of each line: as many letters as may go at once, their replies, their results kept, the next ones.</content>
internal sealed partial class EditionRun
{
    /// <summary>No wait is shorter: a clock has its grain.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    /// <summary>A line that another edition is to have is given up, and asked for again.</summary>
    private async Task LineAsync(Outlet outlet, int place)
    {
        while (!halt.IsCancellationRequested && await feed.WaitAsync(halt.Token))
            if (outlet.IsBeyond(place))
                await outlet.Widened.WaitAsync(idle.Token); // until then the lines before carry its letters
            else
                await HoldLineAsync(outlet, place);
    }

    private async Task HoldLineAsync(Outlet outlet, int place)
    {
        using var line = await outlet.TakeLineAsync(edition.Priority, idle.Token);
        await using var connection = outlet.Transport.Open();
        var troubles = 0;
        // Between two letters we may stop, inside one we may not: a letter sent but not recorded is sent twice.
        while (!halt.IsCancellationRequested && !line.IsWanted && !outlet.IsBeyond(place) && await feed.WaitAsync(halt.Token))
        {
            var turn = await outlet.BeginAsync(idle.Token);
            if (!turn.IsGiven)
            {
                await WaitForTurnAsync(turn);
                continue;
            }
            var outcomes = await SomeLettersAsync(outlet, line, turn, connection);
            foreach (var outcome in outcomes)
                await MindAsync(outcome);
            if (outcomes.Count == 0)
                continue;
            var trouble = outcomes.LastOrDefault(IsTrouble);
            troubles = trouble is null ? 0 : ReferenceEquals(trouble, outcomes[^1]) ? troubles + 1 : 1;
            if (trouble is null)
                continue;
            outlet.Suffer();
            await WaitOutAsync(outlet.Transport, trouble, troubles);
        }
    }

    /// <summary>The letters that may go at once, or why the line did not open; nothing where no letter went.</summary>
    private async Task<IReadOnlyList<SmtpOutcome>> SomeLettersAsync(Outlet outlet, Lines.Line line, Turn first, ITransportConnection connection)
    {
        List<Turn> turns = [first];
        try
        {
            line.Begin(1); // an opening may take its time as well
            var before = connection.Waited;
            var trouble = await OpenAsync(connection); // before a claim is taken: no letter is spent on a relay that is away
            if (trouble is not null)
            {
                turns.Clear();
                outlet.Tell(trouble, isOpening: true);
                return [trouble];
            }
            line.End();
            var taken = await TakeAsync(outlet, turns, Math.Min(line.Depth, connection.AtOnce));
            if (taken.Count == 0)
                return [];
            if (turns.Count > taken.Count)
            {
                outlet.GiveBack(turns[^1]); // before the answers, which may slow what comes then
                turns.RemoveAt(turns.Count - 1);
            }
            line.Begin(taken.Count);
            var results = await carrier.CarryAsync(connection, taken);
            line.Answered(connection.TakesSeveral ? taken.Count : 0, connection.Waited - before);
            Tell(outlet, results, turns);
            await commits.RecordAsync(results);
            foreach (var result in results)
                count.Add(result);
            return [.. results.Select(result => result.Outcome)];
        }
        finally
        {
            line.End();
            foreach (var unused in turns)
                outlet.GiveBack(unused);
        }
    }

    /// <summary>A line that was lost is one trouble of its relay, however many letters were under way on it: the one that the relay put into words.</summary>
    private static void Tell(Outlet outlet, IReadOnlyList<AttemptResult> results, List<Turn> turns)
    {
        var lost = results.Where(result => result.Outcome is SmtpOutcome.InDoubt or SmtpOutcome.Deferred { Scope: SmtpScope.Relay, Code: null or 421 }).Select(result => result.Outcome).ToList();
        var told = lost.Find(outcome => outcome is SmtpOutcome.Deferred { Code: 421 }) ?? lost.FirstOrDefault();
        for (var i = 1; i < lost.Count; i++) // first: what is told may slow what comes then
        {
            outlet.GiveBack(turns[^1]);
            turns.RemoveAt(turns.Count - 1);
        }
        turns.Clear();
        foreach (var result in results)
            if (!lost.Contains(result.Outcome))
                outlet.Tell(result.Outcome, isOpening: false);
        if (told is not null)
            outlet.Tell(told, isOpening: false);
    }

    /// <summary>Claims that may go now, with the gates of their domains passed, and for each a turn.</summary>
    private async Task<List<(Claim, DomainGate)>> TakeAsync(Outlet outlet, List<Turn> turns, int most)
    {
        var taken = new List<(Claim, DomainGate Gate)>(most);
        try
        {
            while (!halt.IsCancellationRequested && feed.TryTake(out var held) && await feed.IsStillDueAsync(held) && await EnterAsync(held) is { } gate)
            {
                taken.Add((held.Claim, gate));
                if (taken.Count == most || !outlet.TryBegin())
                    break;
                turns.Add(default);
            }
            return taken;
        }
        catch
        {
            foreach (var (_, gate) in taken)
                gate.End(null, desk.Time.GetUtcNow());
            throw;
        }
    }

    /// <summary>Until the relay may take a letter. Where none may for long, the pass is over: what is claimed goes back.</summary>
    private async Task WaitForTurnAsync(Turn turn)
    {
        var now = desk.Time.GetUtcNow();
        if (pace.Outlets.All(outlet => outlet.BlockedUntil(now) - now > Pacer.LongestWait))
        {
            count.Trouble(turn.Why);
            await halt.CancelAsync();
            return;
        }
        var wait = turn.NotBefore!.Value - now;
        await Task.Delay(wait < Least ? Least : wait < Tick ? wait : Tick, desk.Time, idle.Token);
    }

    /// <summary>The gate of the letter's domain, passed; null where the letter has to wait, and waits.</summary>
    private async Task<DomainGate?> EnterAsync(HeldClaim held)
    {
        var now = desk.Time.GetUtcNow();
        if (pacer.ClosedFor(pace.Plan, held.Claim.TimeZone, now) is { } closed)
        {
            feed.Keep(held, closed, () => closed);
            return null;
        }
        var gate = pace.Domains.Of(held.Claim.Address, now);
        var turn = await gate.BeginAsync(now, CancellationToken.None);
        if (turn.NotBefore is not { } notBefore)
            return gate;
        feed.Keep(held, notBefore, () => gate.PutOff(notBefore, now));
        return null;
    }

    private async Task<SmtpOutcome?> OpenAsync(ITransportConnection connection)
    {
        try
        {
            return await connection.OpenAsync(idle.Token);
        }
        catch (Exception) when (idle.IsCancellationRequested) // a dialogue that is cut off ends in many ways
        {
            throw new OperationCanceledException(idle.Token);
        }
    }

    private static bool IsTrouble(SmtpOutcome outcome) => outcome is SmtpOutcome.InDoubt or SmtpOutcome.Deferred { Scope: SmtpScope.Relay };

    private Task WaitOutAsync(ITransport transport, SmtpOutcome outcome, int troubles)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, troubles - 1)));
        if (Slowdown.Of(outcome, desk.Time.GetUtcNow())?.Wait is { } asked && asked > wait)
            wait = asked < Pacer.LongestWait ? asked : Pacer.LongestWait; // a longer one is kept by the relay's own turns
        count.Trouble($"{transport.Name}: {outcome.Words}; next try in {wait.TotalSeconds:0} s");
        return Task.Delay(wait, desk.Time, idle.Token);
    }
}
