using System.Diagnostics;
using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>What is known of the reader whose letter came back.</summary>
/// <param name="Address">The subscriber's address; null where no delivery is proven.</param>
/// <param name="SoftBouncesInARow">How many deliveries in a row before this one bounced softly; a letter that did not come back begins anew.</param>
public sealed record History(EmailAddress? Address, int SoftBouncesInARow);

/// <summary>What a returned mail does. Applied once, in one transaction, with its evidence.</summary>
/// <remarks>
/// Only a sealed token makes anything happen to a reader: whoever can write to our addresses could else end a stranger's subscription. A refusal about us
/// (content, policy, reputation, pace, size) never counts against the reader.
/// </remarks>
public abstract record Consequence
{
    /// <summary>Soft bounces in a row that end in suspension: five weeks of a weekly letter, as Mailman's default of 5 points at one a day.</summary>
    public const int MaxSoftBounces = 5;

    private Consequence()
    {
    }

    /// <summary>The subscription is suspended: the address is dead, or has not taken mail for long.</summary>
    public sealed record Suspend(string Why) : Consequence;

    /// <summary>The reader complained: state <c>complained</c>, and the address is suppressed for all mail. Not undone by an import.</summary>
    public sealed record Complain : Consequence;

    /// <summary>The reader left.</summary>
    public sealed record EndSubscription : Consequence;

    /// <summary>A soft bounce: one more in the row.</summary>
    public sealed record CountSoftBounce : Consequence;

    /// <summary>Shown in the editor's inbox.</summary>
    /// <param name="Forward">Whether a copy goes to the editor's own mailbox: only for what a person wrote.</param>
    public sealed record ShowEditor(bool Forward) : Consequence;

    /// <summary>Nothing but the record.</summary>
    public sealed record Nothing(string Why) : Consequence;

    /// <summary>The word of the case in the store and for scripts.</summary>
    public string Word => this switch
    {
        Suspend => "suspend",
        Complain => "complain",
        EndSubscription => "unsubscribe",
        CountSoftBounce => "soft",
        ShowEditor => "show",
        Nothing => "nothing",
        _ => throw new UnreachableException(GetType().Name),
    };

    /// <summary>The table.</summary>
    public static Consequence Of(TracedMail traced, History history) => traced.Mail switch
    {
        ReturnedMail.Bounce or ReturnedMail.Complaint when traced.Delivery is null     => new ShowEditor(Forward: false), // forged, or about another's mail
        ReturnedMail.Complaint                                                          => new Complain(),
        ReturnedMail.Bounce bounce                                                      => OfBounce(bounce, history),
        ReturnedMail.Unsubscribe { BySealedAddress: true } when traced.Delivery is not null => new EndSubscription(),
        ReturnedMail.Unsubscribe or ReturnedMail.Reply                                  => new ShowEditor(Forward: true),
        ReturnedMail.Unrecognised                                                       => new ShowEditor(Forward: false),
        ReturnedMail.Delayed or ReturnedMail.AutoReply or ReturnedMail.Delivered or ReturnedMail.Other => new Nothing(traced.Mail.Kind),
        _ => throw new UnreachableException(traced.Mail.GetType().Name),
    };

    /// <summary>The same for a failure that the relay's reply told while sending.</summary>
    public static Consequence OfFailure(BounceVerdict verdict, History history) => verdict switch
    {
        { IsAboutSender: true }                                                 => new Nothing($"the refusal is about us: {verdict.ReasonWord}"),
        { Permanence: Permanence.Permanent }                                    => new Suspend($"hard bounce: {verdict.ReasonWord}"),
        _ when history.SoftBouncesInARow + 1 >= MaxSoftBounces                  => new Suspend($"{history.SoftBouncesInARow + 1} soft bounces in a row: {verdict.ReasonWord}"),
        _                                                                       => new CountSoftBounce(),
    };

    /// <summary>A report may name several (an alias was expanded): what it says of our reader counts, else what it says first.</summary>
    private static Consequence OfBounce(ReturnedMail.Bounce bounce, History history)
    {
        var named = bounce.Named.Where(each => history.Address is { } reader && reader.Equals(EmailAddress.Read(each.Address))).ToList();
        if (named.Count > 0 && named.TrueForAll(each => each.Outcome != RecipientOutcome.Failed))
            return new Nothing("the report says that the reader's own copy arrived or is still tried");
        return OfFailure(named.Find(each => each.Outcome == RecipientOutcome.Failed)?.Verdict ?? bounce.Summary, history);
    }
}
