using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Returns;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Hands over the small letters that ask whether anybody is there, and hears their silence.</summary>
/// <remarks>In the sandbox none goes: it would go to the tester, and its silence would speak for a reader who never had it.</remarks>
public sealed partial class Probes(ProbeStore store, CurrentPlan plans, NoteWriter notes, OurAddresses ours, Publication publication, SendingOptions sending, BouncePolicy policy, TimeProvider time, ILogger<Probes> log)
{
    /// <summary>How long a try may take before another may follow; after "not now" as well.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);

    /// <summary>How long one waits after a refusal that is about us: whoever lists us is not asked every half hour.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromHours(6);

    /// <summary>The most in one look: notices and replies must not wait behind them, and no relay is surprised.</summary>
    private const int Most = 20;

    /// <summary>Looks once. Returns how many were handed over.</summary>
    public async Task<int> LookAsync(CancellationToken stop)
    {
        if (sending.Sandbox.Length > 0)
            return 0;
        if (await store.EndSilentAsync(time.GetUtcNow(), stop) is > 0 and var stayed)
            LogStayed(stayed);
        await using var lines = new HouseLines(plans.Value.For(EmailAddress.Read(publication.FromAddress)!.Domain));
        var sent = 0;
        for (var i = 0; i < Most && !stop.IsCancellationRequested && await store.ClaimAsync(time.GetUtcNow(), Lease, stop) is { } probe; i++)
            if (await HandOverAsync(lines, probe))
                sent++;
        return sent;
    }

    private async Task<bool> HandOverAsync(HouseLines lines, Probe probe)
    {
        var (returnPath, messageId) = ours.Probe(probe.Id);
        var outcome = await lines.SendAsync(notes.Write(ProbeLetter.Write(publication, probe.Address, probe.Name, probe.Language, ours.UnsubscribeUrl(new(probe.Edition, probe.Id.Subscriber)), probe.MadeAt) with
        {
            Sender = returnPath, MessageId = messageId,
        }));
        await EndAsync(probe, outcome, time.GetUtcNow());
        return outcome is SmtpOutcome.Accepted;
    }

    /// <summary>A refusal of the address ends it at once, "not now" when it was heard for as long as an answer is waited for; what is about us, or in doubt, is tried again in hours and says nothing in the end.</summary>
    private Task EndAsync(Probe probe, SmtpOutcome outcome, DateTimeOffset now)
    {
        var isOld = now - probe.MadeAt > policy.ProbeWait;
        var verdict = outcome.Numbers() is ({ } code and >= 400, var status) ? Rejections.VerdictOf(outcome, code, status) : null;
        var words = $"{outcome.Numbers().Code} {outcome.Words}".Trim();
        return outcome switch
        {
            SmtpOutcome.Accepted => store.SentAsync(probe.Id, now),
            SmtpOutcome.Rejected when verdict is { IsAboutSender: false } => store.CameBackAsync(probe.Id, verdict, words, now),
            SmtpOutcome.Deferred when isOld && verdict is { IsAboutSender: false } => store.CameBackAsync(probe.Id, verdict, words, now),
            _ when isOld => store.VoidAsync(probe.Id, words, now),
            SmtpOutcome.Deferred => Task.CompletedTask, // due again when the lease is over
            _ => store.PostponeAsync(probe.Id, now + Later),
        };
    }

    [LoggerMessage(4011, LogLevel.Information, "{Count} probes did not come back: their readers stay")]
    private partial void LogStayed(int count);
}
