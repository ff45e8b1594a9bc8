using System.Diagnostics;
using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>What a returned mail does. Applied once, in one transaction, with its evidence.</summary>
/// <remarks>
/// Only a sealed token makes anything happen to a reader: whoever can write to our addresses could else end a stranger's subscription. A refusal about us
/// (content, policy, reputation, pace, size) never counts against the reader.
/// </remarks>
public abstract record Consequence
{
    private Consequence()
    {
    }

    /// <summary>The subscription is suspended: the address is dead, or has not taken mail for long.</summary>
    public sealed record Suspend(string Why) : Consequence;

    /// <summary>The reader complained: state <c>complained</c>, and the address is suppressed for all mail. Not undone by an import.</summary>
    public sealed record Complain : Consequence;

    /// <summary>The reader left.</summary>
    /// <param name="InWords">By a mail's words alone (<see cref="HumanUnsubscribe.Act"/>), which the editor is shown as well.</param>
    /// <param name="Confirm">Whether the reader is told and given the way back, where a program may answer that mail.</param>
    public sealed record EndSubscription(bool InWords = false, bool Confirm = false) : Consequence;

    /// <summary>The letter came back: it is weighed with all that came back of this reader, and becomes one of the next three or nothing.</summary>
    public sealed record Weigh(BounceVerdict Verdict, string Words) : Consequence;

    /// <summary>A soft bounce: it counts in the reader's score.</summary>
    public sealed record CountSoftBounce(string Why) : Consequence;

    /// <summary>The score says that the address is dead: a small letter asks first.</summary>
    public sealed record Ask(string Why) : Consequence;

    /// <summary>The small letter that asked came back: the subscription is suspended.</summary>
    public sealed record EndProbe(BounceVerdict Verdict, string Words) : Consequence;

    /// <summary>Shown in the editor's inbox.</summary>
    /// <param name="Forward">Whether a copy goes to the editor's own mailbox: only for what a person wrote.</param>
    public sealed record ShowEditor(bool Forward) : Consequence
    {
        /// <summary>Why it does not go on to the reader; empty where it did not come to the address in a note to the editor.</summary>
        public string NotPassedOn { get; init; } = "";
    }

    /// <summary>Kept in a view of its own, out of the way: a machine answered.</summary>
    public sealed record SetAside : Consequence;

    /// <summary>The editor answered a reply that was handed on: it goes to that reply's writer and to nobody else.</summary>
    /// <param name="Thread">The conversation.</param>
    /// <param name="Reply">The reply.</param>
    /// <param name="MessageId">That the answer goes out under.</param>
    public sealed record PassOn(long Thread, long Reply, string MessageId) : Consequence;

    /// <summary>Nothing but the record.</summary>
    public sealed record Nothing(string Why) : Consequence;

    /// <summary>The word of the case in the store and for scripts.</summary>
    public string Word => this switch
    {
        Suspend => "suspend",
        Complain => "complain",
        EndSubscription => "unsubscribe",
        Weigh => "weigh",
        CountSoftBounce => "soft",
        Ask => "probe",
        EndProbe => "suspend",
        ShowEditor => "show",
        SetAside => "aside",
        PassOn => "answer",
        Nothing => "nothing",
        _ => throw new UnreachableException(GetType().Name),
    };

    /// <summary>The table.</summary>
    /// <param name="traced">What came.</param>
    /// <param name="reader">The address of the subscriber whom it proves to be about; null for none.</param>
    public static Consequence Of(TracedMail traced, EmailAddress? reader) => traced.Mail switch
    {
        ReturnedMail.Bounce bounce when traced.Probe is not null                        => OfProbe(FailureOf(bounce, reader)),
        ReturnedMail.Bounce or ReturnedMail.Complaint when !IsProven(traced)            => new ShowEditor(Forward: false), // forged, or about another's mail
        ReturnedMail.Complaint                                                          => new Complain(),
        ReturnedMail.Bounce bounce                                                      => FailureOf(bounce, reader) is var (verdict, words) ? new Weigh(verdict, words) : OwnCopyArrived,
        ReturnedMail.Unsubscribe { BySealedAddress: true } when IsProven(traced)        => new EndSubscription(),
        ReturnedMail.Unsubscribe or ReturnedMail.Reply                                  => new ShowEditor(Forward: true),
        ReturnedMail.AutoReply                                                          => new SetAside(),
        ReturnedMail.Unrecognised                                                       => new ShowEditor(Forward: false),
        ReturnedMail.Delayed or ReturnedMail.Delivered or ReturnedMail.Other => new Nothing(traced.Mail.Kind),
        _ => throw new UnreachableException(traced.Mail.GetType().Name),
    };

    /// <summary>A probe is a letter too: who calls it spam is not written to again.</summary>
    private static bool IsProven(TracedMail traced) => traced.Delivery is not null || traced.Probe is not null;

    /// <summary>What the policy's word on a bounce does.</summary>
    public static Consequence Of(Judgement judgement) => judgement switch
    {
        Judgement.Suspend suspend => new Suspend(suspend.Why),
        Judgement.Probe probe => new Ask(probe.Why),
        Judgement.Warn warn => new CountSoftBounce(warn.Why),
        Judgement.Count count => new CountSoftBounce(count.Why),
        Judgement.Nothing nothing => new Nothing(nothing.Why),
        _ => throw new UnreachableException(judgement.GetType().Name),
    };

    private static Nothing OwnCopyArrived { get; } = new("the report says that the reader's own copy arrived or is still tried");

    private static Consequence OfProbe((BounceVerdict Verdict, string Words)? failure) => failure switch
    {
        null => OwnCopyArrived,
        { Verdict.IsAboutSender: true } about => new Nothing($"the refusal of the probe is about us: {about.Verdict.ReasonWord}"),
        var (verdict, words) => new EndProbe(verdict, words),
    };

    /// <summary>A report may name several (an alias was expanded): what it says of our reader counts, else what it says first. Null where the reader's own copy is not among the failed.</summary>
    private static (BounceVerdict Verdict, string Words)? FailureOf(ReturnedMail.Bounce bounce, EmailAddress? reader)
    {
        var named = bounce.Named.Where(each => reader is not null && reader.Equals(EmailAddress.Read(each.Address))).ToList();
        if (named.Count > 0 && named.TrueForAll(each => each.Outcome != RecipientOutcome.Failed))
            return null;
        return (named.Find(each => each.Outcome == RecipientOutcome.Failed)?.Verdict ?? bounce.Summary, bounce.Evidence);
    }
}
