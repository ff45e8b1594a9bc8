using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>What happens to a mail that asks in words to leave.</summary>
public enum HumanUnsubscribe
{
    /// <summary>The editor sees it, and ends the subscription with one click.</summary>
    Offer,
    /// <summary>It is done where it is sure who asks, and offered else.</summary>
    Act,
}

/// <summary>Decides whether a wish to leave that stands in words is done without the editor.</summary>
public static class WishToLeave
{
    /// <summary>
    /// Null where it is not to be done: only where a seal of ours proves the letter, From is its reader's own address, no machine sent it, and no host that
    /// is trusted says that From is forged. A letter may have been handed on, and what is handed on holds the seal.
    /// </summary>
    public static Consequence.EndSubscription? Of(TracedMail traced, string sender, EmailAddress? reader, HumanUnsubscribe setting) =>
        setting is HumanUnsubscribe.Act
        && traced is { Mail: ReturnedMail.Unsubscribe { BySealedAddress: false }, Delivery: not null, Marks: { NoAnswer: null, Sender.Level: not ProofLevel.Failed } }
        && reader is not null && reader.Equals(EmailAddress.Read(sender))
            ? new(InWords: true)
            : null;
}
