using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns;

public sealed class ConsequenceTests
{
    private static readonly EmailAddress Reader = EmailAddress.Read("ida@harbour.example")!;
    private static readonly DeliveryId Proven = DeliveryId.Of(12, 34);

    [Test]
    public void A_bounce_is_weighed_with_the_readers_others() =>
        Assert.That(Consequence.Of(Bounce(BounceReason.UserUnknown, Permanence.Permanent), Reader), Is.EqualTo(new Consequence.Weigh(new(BounceReason.UserUnknown, Permanence.Permanent, ""), "x")));

    [Test]
    public void A_bounce_that_proves_no_letter_of_ours_changes_nobody_and_is_shown() =>
        Assert.That(Consequence.Of(Bounce(BounceReason.UserUnknown, Permanence.Permanent) with { Delivery = null }, Reader), Is.EqualTo(new Consequence.ShowEditor(Forward: false)));

    [Test]
    public void The_bounce_of_a_probe_suspends_unless_it_is_about_us()
    {
        var full = Bounce(BounceReason.MailboxFull, Permanence.Transient) with { Delivery = null, Probe = new(5, new(34)) };

        Assert.That(Consequence.Of(full, Reader), Is.EqualTo(new Consequence.EndProbe(new(BounceReason.MailboxFull, Permanence.Transient, ""), "x")));
        Assert.That(Consequence.Of(full with { Mail = Bounce(BounceReason.Blocked, Permanence.Transient).Mail }, Reader), Is.TypeOf<Consequence.Nothing>());
    }

    [Test]
    public void A_report_that_the_readers_own_copy_arrived_changes_nothing()
    {
        var bounce = new ReturnedMail.Bounce(
            [
                new("olof@harbour.example", null, new(BounceReason.UserUnknown, Permanence.Permanent, "")),
                new("Ida@Harbour.example", null, new(BounceReason.Other, Permanence.Unknown, ""), RecipientOutcome.Delivered),
            ],
            new(BounceReason.UserUnknown, Permanence.Permanent, "")) { Evidence = "x" };

        Assert.That(Consequence.Of(new(bounce, Proven), Reader), Is.TypeOf<Consequence.Nothing>());
    }

    [Test]
    public void A_complaint_with_a_seal_complains_and_without_one_is_shown()
    {
        var complaint = new TracedMail(new ReturnedMail.Complaint([], "abuse") { Evidence = "x" }, Proven);

        Assert.That(Consequence.Of(complaint, Reader), Is.EqualTo(new Consequence.Complain()));
        Assert.That(Consequence.Of(complaint with { Delivery = null }, Reader), Is.EqualTo(new Consequence.ShowEditor(Forward: false)));
    }

    [Test]
    public void A_complaint_about_a_probe_complains()
    {
        var complaint = new TracedMail(new ReturnedMail.Complaint([], "abuse") { Evidence = "x" }, null) { Probe = new(5, new(34)) };

        Assert.That(Consequence.Of(complaint, Reader), Is.EqualTo(new Consequence.Complain()));
    }

    [TestCase(true, typeof(Consequence.EndSubscription))]
    [TestCase(false, typeof(Consequence.ShowEditor))]
    public void Leaving_by_mail_acts_by_itself_only_under_our_seal(bool isSealed, Type expected) =>
        Assert.That(Consequence.Of(new(new ReturnedMail.Unsubscribe(isSealed) { Evidence = "x" }, Proven), Reader), Is.TypeOf(expected));

    [Test]
    public void A_reply_is_shown_and_forwarded() =>
        Assert.That(Consequence.Of(new(new ReturnedMail.Reply { Evidence = "x" }, Proven), Reader), Is.EqualTo(new Consequence.ShowEditor(Forward: true)));

    [Test]
    public void A_machines_answer_is_set_aside() =>
        Assert.That(Consequence.Of(new(new ReturnedMail.AutoReply { Evidence = "x" }, Proven), Reader), Is.EqualTo(new Consequence.SetAside()));

    [Test]
    public void Delays_and_receipts_change_nothing()
    {
        ReturnedMail[] mails =
        [
            new ReturnedMail.Delayed([]) { Evidence = "x" },
            new ReturnedMail.Delivered([]) { Evidence = "x" },
            new ReturnedMail.Other { Evidence = "x" },
        ];

        Assert.That(mails.Select(mail => Consequence.Of(new(mail, Proven), Reader)), Has.All.TypeOf<Consequence.Nothing>());
    }

    private static TracedMail Bounce(BounceReason reason, Permanence permanence) => new(new ReturnedMail.Bounce([], new(reason, permanence, "")) { Evidence = "x" }, Proven);
}
