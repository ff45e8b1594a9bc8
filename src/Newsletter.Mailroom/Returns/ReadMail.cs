using Newsletter.Addresses;
using Newsletter.Replies;
using Newsletter.Returns;

namespace Newsletter.Mailroom;

/// <summary>A mail that came in, read by the house's rules.</summary>
/// <param name="Traced">What it is, about which delivery, and what is known of its sender.</param>
/// <param name="Reply">What the editor reads, where it is shown.</param>
/// <param name="Options">The settings.</param>
internal sealed record ReadMail(TracedMail Traced, ReceivedReply Reply, ReturnsOptions Options) : ReadReturn(Traced, Reply)
{
    public static ReadMail Of(ReadOnlyMemory<byte> raw, OurAddresses ours, IncomingRules rules)
    {
        var (traced, reply) = TracedMail.ReadWithReply(raw, ours, rules.Options.TrustedAuthservIds);
        return new(traced with { From = ReplySender.Of(traced.Marks.Sender, reply.Sender, rules.House) }, reply, rules.Options);
    }

    /// <summary>What has to follow; a wish in words is done where the setting says so and it is sure who asks.</summary>
    protected override Consequence Of(EmailAddress? reader) =>
        (WishToLeave.Of(Traced, Reply.Sender, reader, Options.HumanUnsubscribe) ?? base.Of(reader)) is var decided && decided is Consequence.EndSubscription end
            ? end with { Confirm = Options.ConfirmUnsubscribe }
            : decided;
}
