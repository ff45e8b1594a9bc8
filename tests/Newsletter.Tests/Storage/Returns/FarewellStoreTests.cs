using System.Text;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;
using Newsletter.Returns;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Returns;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class FarewellStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);
    private static readonly CancellationToken Stop = CancellationToken.None;

    private FarewellStore Farewells => new(Database);
    private SubscriberStore Subscribers => new(Database, Some.ErasedAddresses());

    [Test]
    public async Task Who_leaves_by_mail_is_owed_one_farewell()
    {
        var ida = await LeaveAsync("ida@harbour.example");

        var owed = await Farewells.ClaimAsync(Now, Lease, 10, Stop);

        Assert.That((owed!.Delivery, owed.Answers, owed.At), Is.EqualTo((ida, "", Now)));
        Assert.That(await Farewells.ClaimAsync(Now, Lease, 10, Stop), Is.Null);
    }

    [Test]
    public async Task Of_eight_workers_one_has_it()
    {
        await LeaveAsync("ida@harbour.example");

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new FarewellStore(OpenAnother()).ClaimAsync(Now, Lease, 10, Stop))));

        Assert.That(claims.Count(claim => claim is not null), Is.EqualTo(1));
    }

    [Test]
    public async Task What_no_relay_took_is_due_again_and_what_is_settled_is_not()
    {
        await LeaveAsync("ida@harbour.example");
        await Farewells.ClaimAsync(Now, Lease, 10, Stop);

        var again = await Farewells.ClaimAsync(Now + Lease, Lease, 10, Stop);
        await Farewells.SettleAsync(again!.Id, Now + Lease);

        Assert.That(await Farewells.ClaimAsync(Now + Lease + Lease, Lease, 10, Stop), Is.Null);
    }

    [Test]
    public async Task All_readers_together_get_so_many_a_day_and_the_others_wait()
    {
        await LeaveAsync("ida@harbour.example");
        await LeaveAsync("olof@harbour.example");

        var first = await Farewells.ClaimAsync(Now, Lease, 1, Stop);
        await Farewells.SettleAsync(first!.Id, Now);

        Assert.That(await Farewells.ClaimAsync(Now.AddHours(23), Lease, 1, Stop), Is.Null);
        Assert.That(await Farewells.ClaimAsync(Now.AddHours(25), Lease, 1, Stop), Is.Not.Null);
    }

    [Test]
    public async Task One_reader_gets_one_a_day_however_often_the_standing_changes()
    {
        var ida = await LeaveAsync("ida@harbour.example");
        await Farewells.SettleAsync((await Farewells.ClaimAsync(Now, Lease, 10, Stop))!.Id, Now);
        await Subscribers.ChangeAsync(ida.Subscriber, new(SubscriptionState.Active, "back", Actor.Reader, Now), Stop);
        await LeaveAsync(ida);

        Assert.That(await Farewells.ClaimAsync(Now.AddHours(1), Lease, 10, Stop), Is.Null);
        Assert.That(await Farewells.ClaimAsync(Now.AddHours(30), Lease, 10, Stop), Is.Null);
    }

    [Test]
    public async Task What_is_days_late_is_not_sent()
    {
        await LeaveAsync("ida@harbour.example");

        Assert.That(await Farewells.ClaimAsync(Now.AddDays(3), Lease, 10, Stop), Is.Null);
    }

    [Test]
    public async Task A_second_mail_changes_nothing_and_owes_nothing()
    {
        var ida = await LeaveAsync("ida@harbour.example");
        await LeaveAsync(ida);

        await Farewells.SettleAsync((await Farewells.ClaimAsync(Now, Lease, 10, Stop))!.Id, Now);

        Assert.That(await Farewells.ClaimAsync(Now.AddHours(26), Lease, 10, Stop), Is.Null);
    }

    [TestCase(false, null)]
    [TestCase(true, "it has a null return path")]
    public async Task Where_it_is_switched_off_or_a_machine_wrote_none_is_owed(bool confirm, string? noAnswer)
    {
        await LeaveAsync(await DeliveryAsync("ida@harbour.example"), confirm, noAnswer);

        Assert.That(await Farewells.ClaimAsync(Now, Lease, 10, Stop), Is.Null);
    }

    [Test]
    public async Task The_editors_click_ends_the_subscription_that_the_reply_is_about()
    {
        var ida = await DeliveryAsync("ida@harbour.example");
        var thread = await AskAsync(ida, "ida@harbour.example");

        var left = await new LeaveStore(Database).LeaveAsync(thread, null, _ => true, Now, Stop);
        var again = await new LeaveStore(Database).LeaveAsync(thread, null, _ => true, Now, Stop);

        Assert.That(left, Is.EqualTo(new LeftByThread(ChangeOutcome.Changed, ida.Subscriber, "ida@harbour.example", IsProven: true)));
        Assert.That(again.Outcome, Is.EqualTo(ChangeOutcome.AlreadySo));
        Assert.That((await Subscribers.FindAsync(ida.Subscriber, Stop))!.State, Is.EqualTo(SubscriptionState.Unsubscribed));
        Assert.That((await new InboxStore(Database).ListAsync("done", 10, Stop)).Single().Id, Is.EqualTo(thread));
        Assert.That((await Farewells.ClaimAsync(Now, Lease, 10, Stop))!.Delivery, Is.EqualTo(ida));
        Assert.That(await Subscribers.TakeBackUnsubscribeAsync(ida.Subscriber, new(SubscriptionState.Active, "taken back", Actor.Reader, Now), Now.AddDays(-7), null, Stop), Is.EqualTo(ChangeOutcome.Changed));
    }

    [Test]
    public async Task A_farewells_link_takes_back_the_leaving_that_it_told_of_and_no_later_one()
    {
        var ida = await LeaveAsync("ida@harbour.example");
        var first = await Farewells.ClaimAsync(Now, Lease, 10, Stop);

        var back = await TakeBackAsync(ida, first!.Id);
        await LeaveAsync(ida, at: Now.AddHours(1));
        var again = await TakeBackAsync(ida, first.Id);
        var second = await TakeBackAsync(ida, first.Id + 1);

        Assert.That((back, again, second), Is.EqualTo((ChangeOutcome.Changed, ChangeOutcome.NotAllowed, ChangeOutcome.Changed)));
    }

    [Test]
    public async Task What_another_asks_in_a_readers_conversation_is_done_only_where_the_reader_is_named()
    {
        var ida = await DeliveryAsync("ida@harbour.example");
        var thread = await AskAsync(ida);
        var store = new LeaveStore(Database);

        var unnamed = await store.LeaveAsync(thread, null, _ => true, Now, Stop);
        var misnamed = await store.LeaveAsync(thread, EmailAddress.Read("nobody@elsewhere.example"), _ => true, Now, Stop);
        var before = (await Subscribers.FindAsync(ida.Subscriber, Stop))!.State;
        var named = await store.LeaveAsync(thread, EmailAddress.Read("ida@harbour.example"), _ => true, Now, Stop);

        Assert.That((unnamed.Outcome, unnamed.AskedBy, misnamed.Outcome, before), Is.EqualTo((ChangeOutcome.NotAllowed, "nobody@elsewhere.example", ChangeOutcome.NotAllowed, SubscriptionState.Active)));
        Assert.That((named.Outcome, named.AskedBy, (await Subscribers.HistoryAsync(ida.Subscriber, Stop))[^1].Change.Actor), Is.EqualTo((ChangeOutcome.Changed, (string?)null, Actor.Editor)));
    }

    [Test]
    public async Task Who_asked_themselves_is_taken_off_though_another_has_asked_since()
    {
        var ida = await DeliveryAsync("ida@harbour.example");
        await AskAsync(ida, "Ida@harbour.example");
        var thread = await AskAsync(ida);

        Assert.That((await new LeaveStore(Database).LeaveAsync(thread, null, _ => true, Now, Stop)).Outcome, Is.EqualTo(ChangeOutcome.Changed));
    }

    [Test]
    public async Task Of_a_conversation_with_nobody_we_know_nothing_is_ended()
    {
        var thread = await AskAsync(null);

        Assert.That(await new LeaveStore(Database).LeaveAsync(thread, null, _ => true, Now, Stop), Is.EqualTo(new LeftByThread(ChangeOutcome.NobodyThere, null, "", IsProven: false)));
        Assert.That((await new LeaveStore(Database).LeaveAsync(999, null, _ => true, Now, Stop)).Outcome, Is.EqualTo(ChangeOutcome.NobodyThere));
    }

    [Test]
    public async Task What_is_known_of_the_sender_stands_with_the_reply()
    {
        var mail = Mail();
        var kept = await new ReturnedMailStore(Database).KeepAsync(mail, "sender", "test", Now, Stop);
        var traced = new TracedMail(new ReturnedMail.Reply { Evidence = "x" }, null) { From = new("failed", "fails DMARC of harbour.example") };

        await new ReturnedMailStore(Database).HandleAsync(kept.Id, traced, ReceivedReply.Read(mail), _ => new Consequence.ShowEditor(Forward: false), Now, Stop);

        var thread = (await new InboxStore(Database).ListAsync(null, 10, Stop)).Single();
        var reply = (await new InboxStore(Database).ThreadAsync(thread.Id, Stop)).Single();
        Assert.That((reply.SenderProof, reply.SenderWords), Is.EqualTo(("failed", "fails DMARC of harbour.example")));
    }

    private async Task<DeliveryId> LeaveAsync(string address)
    {
        var delivery = await DeliveryAsync(address);
        await LeaveAsync(delivery);
        return delivery;
    }

    private async Task LeaveAsync(DeliveryId delivery, bool confirm = true, string? noAnswer = null, DateTimeOffset? at = null)
    {
        var mail = Mail();
        var kept = await new ReturnedMailStore(Database).KeepAsync(mail, $"{Guid.NewGuid()}", "test", Now, Stop);
        var traced = new TracedMail(new ReturnedMail.Unsubscribe(BySealedAddress: true) { Evidence = "x" }, delivery) { Marks = new(SenderProof.Unknown, noAnswer) };
        await new ReturnedMailStore(Database).HandleAsync(kept.Id, traced, ReceivedReply.Read(mail), _ => new Consequence.EndSubscription(Confirm: confirm), at ?? Now, Stop);
    }

    private Task<ChangeOutcome> TakeBackAsync(DeliveryId reader, long farewell) =>
        Subscribers.TakeBackUnsubscribeAsync(reader.Subscriber, new(SubscriptionState.Active, "taken back", Actor.Reader, Now), Now.AddDays(-7), new FarewellId(farewell, reader.Subscriber), Stop);

    private async Task<long> AskAsync(DeliveryId? delivery, string from = "nobody@elsewhere.example")
    {
        var mail = Mail(from);
        var kept = await new ReturnedMailStore(Database).KeepAsync(mail, $"{Guid.NewGuid()}", "test", Now, Stop);
        var traced = new TracedMail(new ReturnedMail.Unsubscribe(BySealedAddress: false) { Evidence = "x" }, delivery);
        await new ReturnedMailStore(Database).HandleAsync(kept.Id, traced, ReceivedReply.Read(mail), _ => new Consequence.ShowEditor(Forward: true), Now, Stop);
        return (await new InboxStore(Database).ListAsync(null, 10, Stop)).Single().Id;
    }

    private static byte[] Mail(string from = "nobody@elsewhere.example") => Encoding.UTF8.GetBytes($"From: Somebody <{from}>\nSubject: unsubscribe\nMessage-ID: <1@harbour.example>\n\nplease {Guid.NewGuid()}\n");

    private async Task<DeliveryId> DeliveryAsync(string address) => new(new EditionId(12), ((Addition.Added)await Subscribers.AddAsync(
        new Profile(EmailAddress.Read(address)!), new(SubscriptionState.Active, "test", Actor.Import, Now), Stop)).Id);
}
