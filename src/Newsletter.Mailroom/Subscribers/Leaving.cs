using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What a reader does with the link of a letter or farewell: leaves, and takes that back.</summary>
public sealed partial class Leaving(SubscriberStore subscribers, TimeProvider time, ILogger<Leaving> log)
{
    /// <summary>How long an unsubscribe can be taken back: a page left open for a year is no consent, and a letter may have been handed on.</summary>
    public static readonly TimeSpan TakenBackWithin = TimeSpan.FromHours(24);

    private const string TakenBack = "unsubscribe taken back";
    private const int MaxEvidence = 400;

    /// <summary>Ends the subscription that a letter came by. A second call changes nothing; a standing that is stronger (a complaint, an erasure) stays.</summary>
    /// <param name="delivery">Who, and by which edition.</param>
    /// <param name="reason"><c>one-click</c> or <c>page</c>.</param>
    /// <param name="evidence">Where the wish came from: network address and user agent, as the stranger gave them.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<ChangeOutcome> LeaveAsync(DeliveryId delivery, string reason, string evidence, CancellationToken ct)
    {
        var outcome = await subscribers.ChangeAsync(delivery.Subscriber, Change(SubscriptionState.Unsubscribed, delivery.Edition, reason, evidence), ct);
        if (outcome is ChangeOutcome.Changed)
            LogLeft(delivery.Subscriber.Value, reason, delivery.Edition.Value);
        return outcome;
    }

    /// <summary>Takes the reader's own unsubscribe back by a letter's link, within <see cref="TakenBackWithin"/>. A second call changes nothing.</summary>
    /// <param name="delivery">Who, and by which edition.</param>
    /// <param name="evidence">Where the wish came from.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns><see cref="ChangeOutcome.NotAllowed"/> where the subscription ended otherwise, or longer ago.</returns>
    public Task<ChangeOutcome> TakeBackAsync(DeliveryId delivery, string evidence, CancellationToken ct) =>
        TakeBackAsync(delivery.Subscriber, Change(SubscriptionState.Active, delivery.Edition, TakenBack, evidence), TakenBackWithin, null, ct);

    /// <summary>Takes that unsubscribe back of which a farewell told, and no later one. A second call changes nothing.</summary>
    /// <param name="farewell">Who, and which leaving.</param>
    /// <param name="within">For how long after it.</param>
    /// <param name="evidence">Where the wish came from.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns><see cref="ChangeOutcome.NotAllowed"/> where the subscription ended otherwise, or longer ago, or has ended again since.</returns>
    public Task<ChangeOutcome> TakeBackAsync(FarewellId farewell, TimeSpan within, string evidence, CancellationToken ct) =>
        TakeBackAsync(farewell.Subscriber, Change(SubscriptionState.Active, null, TakenBack, evidence), within, farewell, ct);

    private async Task<ChangeOutcome> TakeBackAsync(SubscriberId subscriber, StandingChange change, TimeSpan within, FarewellId? farewell, CancellationToken ct)
    {
        var outcome = await subscribers.TakeBackUnsubscribeAsync(subscriber, change, change.At - within, farewell, ct);
        if (outcome is ChangeOutcome.Changed)
            LogTakenBack(subscriber.Value);
        return outcome;
    }

    private StandingChange Change(SubscriptionState to, EditionId? edition, string reason, string evidence) =>
        new(to, reason, Actor.Reader, time.GetUtcNow(), PersonalText.OneLine(evidence, MaxEvidence), edition);

    [LoggerMessage(2001, LogLevel.Information, "Subscriber {Subscriber} left ({Reason}) by a letter of edition {Edition}")]
    private partial void LogLeft(long subscriber, string reason, long edition);

    [LoggerMessage(2002, LogLevel.Information, "Subscriber {Subscriber} took the unsubscribe back")]
    private partial void LogTakenBack(long subscriber);
}
