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
    /// <summary>How long a try may take before another may follow, and how long one waits after a refusal.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);

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
        var now = time.GetUtcNow();
        if (outcome is SmtpOutcome.Accepted or SmtpOutcome.InDoubt)
            await store.SentAsync(probe.Id, now);
        else if (Returned(outcome, now - probe.MadeAt) is var (code, status))
            await EndAsync(probe, outcome, Rejections.VerdictOf(outcome, code, status), $"{code} {outcome.Words}", now);
        else
            return false; // due again when the lease is over
        return outcome is SmtpOutcome.Accepted;
    }

    private Task EndAsync(Probe probe, SmtpOutcome outcome, Classifying.BounceVerdict verdict, string words, DateTimeOffset now) => verdict.IsAboutSender
        ? outcome is SmtpOutcome.Rejected or SmtpOutcome.Refused ? Task.CompletedTask : store.VoidAsync(probe.Id, words, now)
        : store.CameBackAsync(probe.Id, verdict, words, now);

    /// <summary>The reply that ends it: a refusal of the address, or "not now" for as long as an answer is waited for. Null: it is tried again.</summary>
    private (int Code, string? Status)? Returned(SmtpOutcome outcome, TimeSpan age) =>
        (outcome is SmtpOutcome.Rejected || age > policy.ProbeWait) && outcome.Numbers() is ({ } code and >= 400, var status) ? (code, status) : null;

    [LoggerMessage(4011, LogLevel.Information, "{Count} probes did not come back: their readers stay")]
    private partial void LogStayed(int count);
}
