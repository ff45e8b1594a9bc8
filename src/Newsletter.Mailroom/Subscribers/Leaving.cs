using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What a reader does with the link of a letter: leaves, and takes that back.</summary>
public sealed partial class Leaving(SubscriberStore subscribers, TimeProvider time, ILogger<Leaving> log)
{
    /// <summary>How long an unsubscribe can be taken back: a page left open for a year is no consent, and a letter may have been handed on.</summary>
    public static readonly TimeSpan TakenBackWithin = TimeSpan.FromHours(24);

    private const int MaxEvidence = 400;

    /// <summary>Ends the subscription that a letter came by. A second call changes nothing; a standing that is stronger (a complaint, an erasure) stays.</summary>
    /// <param name="delivery">Who, and by which edition.</param>
    /// <param name="reason"><c>one-click</c> or <c>page</c>.</param>
    /// <param name="evidence">Where the wish came from: network address and user agent, as the stranger gave them.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<ChangeOutcome> LeaveAsync(DeliveryId delivery, string reason, string evidence, CancellationToken ct)
    {
        var outcome = await subscribers.ChangeAsync(delivery.Subscriber, Change(SubscriptionState.Unsubscribed, delivery, reason, evidence), ct);
        if (outcome is ChangeOutcome.Changed)
            LogLeft(delivery.Subscriber.Value, reason, delivery.Edition.Value);
        return outcome;
    }

    /// <inheritdoc cref="TakeBackAsync(DeliveryId, TimeSpan, string, CancellationToken)"/>
    public Task<ChangeOutcome> TakeBackAsync(DeliveryId delivery, string evidence, CancellationToken ct) => TakeBackAsync(delivery, TakenBackWithin, evidence, ct);

    /// <summary>Takes the reader's own unsubscribe back. A second call changes nothing.</summary>
    /// <param name="delivery">Who, and by which edition.</param>
    /// <param name="within">For how long after the unsubscribe; <see cref="TakenBackWithin"/> unless it is sure who asks.</param>
    /// <param name="evidence">Where the wish came from.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns><see cref="ChangeOutcome.NotAllowed"/> where the subscription ended otherwise, or longer ago.</returns>
    public async Task<ChangeOutcome> TakeBackAsync(DeliveryId delivery, TimeSpan within, string evidence, CancellationToken ct)
    {
        var change = Change(SubscriptionState.Active, delivery, "unsubscribe taken back", evidence);
        var outcome = await subscribers.TakeBackUnsubscribeAsync(delivery.Subscriber, change, change.At - within, ct);
        if (outcome is ChangeOutcome.Changed)
            LogTakenBack(delivery.Subscriber.Value);
        return outcome;
    }

    private StandingChange Change(SubscriptionState to, DeliveryId delivery, string reason, string evidence) =>
        new(to, reason, Actor.Reader, time.GetUtcNow(), PersonalText.OneLine(evidence, MaxEvidence), delivery.Edition);

    [LoggerMessage(2001, LogLevel.Information, "Subscriber {Subscriber} left ({Reason}) by a letter of edition {Edition}")]
    private partial void LogLeft(long subscriber, string reason, long edition);

    [LoggerMessage(2002, LogLevel.Information, "Subscriber {Subscriber} took the unsubscribe back")]
    private partial void LogTakenBack(long subscriber);
}
