using System.Text;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;
using Newsletter.Returns;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Returns;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ReturnedMailStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly byte[] Raw = Encoding.UTF8.GetBytes("From: Ida <ida@harbour.example>\nSubject: hello\n\nwords\n");

    private ReturnedMailStore Mails => new(Database);
    private InboxStore Inbox => new(Database);
    private SubscriberStore Subscribers => new(Database, Some.ErasedAddresses());

    [Test]
    public async Task The_bytes_come_back_as_they_were()
    {
        var raw = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31)).ToArray();

        var kept = await Mails.KeepAsync(raw, "test", Now, Stop);

        Assert.That(await Mails.RawAsync(kept.Id, Stop), Is.EqualTo(raw));
    }

    [Test]
    public async Task A_mail_that_comes_twice_is_one_row()
    {
        var first = await Mails.KeepAsync(Raw, "test", Now, Stop);

        var second = await Mails.KeepAsync(Raw, "elsewhere", Now.AddDays(1), Stop);

        Assert.That((first.IsNew, second), Is.EqualTo((true, first with { IsNew = false })));
    }

    [Test]
    public async Task A_mail_is_handled_once_though_eight_workers_have_it()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        var kept = await Mails.KeepAsync(Raw, "test", Now, Stop);

        var handled = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new ReturnedMailStore(OpenAnother()).HandleAsync(
            kept.Id, new TracedMail(new ReturnedMail.Reply { Evidence = "x" }, delivery), ReceivedReply.Read(Raw), _ => new Consequence.ShowEditor(Forward: true), Now, Stop))));

        Assert.That(handled.Count(each => each is not null), Is.EqualTo(1));
        Assert.That((await Inbox.ListAsync(null, 10, Stop)).Single().Count, Is.EqualTo(1));
        Assert.That(await Mails.UnhandledAsync(Stop), Is.Empty);
    }

    [Test]
    public async Task A_suspension_has_its_history_and_evidence()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");

        var handled = await HandleAsync(Raw, new ReturnedMail.Bounce([], Dead) { Evidence = "550 5.1.1 no such user" }, delivery);

        var line = (await Subscribers.HistoryAsync(delivery.Subscriber, Stop))[^1].Change;
        Assert.That(handled!.Outcome, Is.EqualTo("suspended"));
        Assert.That(line, Is.EqualTo(new StandingChange(SubscriptionState.Suspended, "hard bounce: user-unknown", Actor.Server, Now, "550 5.1.1 no such user", delivery.Edition, handled.Id)));
    }

    [Test]
    public async Task What_came_back_of_an_edition_is_counted_by_kind()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        await HandleAsync(Raw, new ReturnedMail.Bounce([], Dead) { Evidence = "x" }, delivery);

        var counts = await new ReturnedMailStore(Database).CountAsync(delivery.Edition, Stop);

        Assert.That(counts, Is.EqualTo(new Dictionary<string, long> { ["bounce"] = 1 }));
    }

    [Test]
    public async Task A_bounce_after_the_reader_has_left_leaves_them_unsubscribed()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        await Subscribers.ChangeAsync(delivery.Subscriber, new(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, Now), Stop);

        var handled = await HandleAsync(Raw, new ReturnedMail.Bounce([], Dead) { Evidence = "x" }, delivery);

        Assert.That(handled!.Outcome, Is.EqualTo("a stronger standing stays"));
        Assert.That((await Subscribers.FindAsync(delivery.Subscriber, Stop))!.State, Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [Test]
    public async Task A_complaint_bars_the_address()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");

        await HandleAsync(Raw, new ReturnedMail.Complaint([], "abuse") { Evidence = "abuse" }, delivery);

        Assert.That((await Subscribers.FindAsync(delivery.Subscriber, Stop))!.State, Is.EqualTo(SubscriptionState.Complained));
        Assert.That((await Subscribers.FindSuppressionAsync(EmailAddress.Read("ida@harbour.example")!, Stop))!.Reason, Is.EqualTo(SuppressionReason.Complaint));
    }

    [Test]
    public async Task Replies_to_one_delivery_are_one_conversation_that_a_new_one_makes_unread_again()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        await HandleAsync(Raw, new ReturnedMail.Reply { Evidence = "x" }, delivery);
        var thread = (await Inbox.ListAsync(null, 10, Stop)).Single();
        await Inbox.MarkAsync(thread.Id, "done", Stop);

        await HandleAsync(Encoding.UTF8.GetBytes("From: Ida <ida@harbour.example>\nSubject: again\n\nmore\n"), new ReturnedMail.Reply { Evidence = "x" }, delivery);

        thread = (await Inbox.ListAsync("unread", 10, Stop)).Single();
        Assert.That((thread.Count, thread.IssueTitle, thread.Subscriber, thread.Address), Is.EqualTo((2L, "Lapwings", delivery.Subscriber, "ida@harbour.example")));
        Assert.That((await Inbox.ThreadAsync(thread.Id, Stop)).Select(reply => reply.Body), Is.EqualTo(new[] { "words", "more" }));
    }

    [Test]
    public async Task What_proves_no_letter_is_shown_with_the_subscriber_whose_address_it_claims()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");

        await HandleAsync(Raw, new ReturnedMail.Reply { Evidence = "x" });

        var thread = (await Inbox.ListAsync(null, 10, Stop)).Single();
        Assert.That((thread.IssueTitle, thread.Subscriber), Is.EqualTo(("", delivery.Subscriber)));
    }

    [Test]
    public async Task Text_that_no_database_takes_is_made_fit()
    {
        var raw = Encoding.UTF8.GetBytes("From: \"a\0b\" <ida@harbour.example>\nSubject: x\0y\nContent-Type: text/plain; charset=utf-16be\n\n\u00d8\u0000");

        var handled = await HandleAsync(raw, new ReturnedMail.Reply { Evidence = "half of \ud83d a pair\0" });

        Assert.That(handled!.Outcome, Is.EqualTo("in the inbox, to be forwarded"));
    }

    [Test]
    public async Task A_reply_that_is_due_is_taken_by_one_and_again_when_its_time_is_over()
    {
        await HandleAsync(Raw, new ReturnedMail.Reply { Evidence = "x" });

        var first = await Inbox.ClaimForwardAsync(Now, TimeSpan.FromMinutes(30), Stop);
        var second = await Inbox.ClaimForwardAsync(Now, TimeSpan.FromMinutes(30), Stop);
        var later = await Inbox.ClaimForwardAsync(Now.AddMinutes(31), TimeSpan.FromMinutes(30), Stop);
        await Inbox.ForwardedAsync(first!.Id, Now);
        var never = await Inbox.ClaimForwardAsync(Now.AddDays(1), TimeSpan.FromMinutes(30), Stop);

        Assert.That((second, later?.Id, never), Is.EqualTo(((InboxReply?)null, first.Id, (InboxReply?)null)));
    }

    [Test]
    public async Task Eight_that_bring_one_mail_by_different_ways_at_once_keep_one_row_that_acts_once()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        var ways = Enumerable.Range(0, 8).Select(i => (Store: new ReturnedMailStore(OpenAnother()), Raw: Encoding.UTF8.GetBytes($"Received: by way {i}\nSubject: x\n\nx"))).ToList();

        var handled = await Task.WhenAll(ways.Select(way => Task.Run(async () =>
        {
            var kept = await way.Store.KeepAsync(way.Raw, "1-same", "test", Now, Stop);
            var traced = new TracedMail(new ReturnedMail.Reply { Evidence = "x" }, delivery);
            return await way.Store.HandleAsync(kept.Id, traced, ReceivedReply.Read(way.Raw), history => Consequence.Of(traced, history), Now, Stop);
        })));

        Assert.That(handled.Count(each => each is not null), Is.EqualTo(1));
        Assert.That(await Mails.FindAsync(new(), Stop), Has.Count.EqualTo(1));
        Assert.That((await Inbox.ListAsync(null, 10, Stop)).Single().Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_again_as_no_bounce_the_reader_is_active_again_and_a_second_time_nothing_happens()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        var id = await SuspendAsync(Raw, delivery);

        var first = await AgainAsync(id, new ReturnedMail.Reply { Evidence = "a person wrote" }, delivery);
        var second = await AgainAsync(id, new ReturnedMail.Reply { Evidence = "a person wrote" }, delivery);

        Assert.That((first!.IsChanged, first.After.Outcome), Is.EqualTo((true, "active again, no longer suspended; in the inbox, to be forwarded")));
        Assert.That(second!.IsChanged, Is.False);
        Assert.That(await StatesAsync(delivery), Is.EqualTo(new[] { SubscriptionState.Active, SubscriptionState.Suspended, SubscriptionState.Active }));
        Assert.That((await Mails.EarlierAsync(id, Stop)).Single().Reading.Consequence, Is.EqualTo("suspend"));
    }

    [Test]
    public async Task A_rehearsal_says_what_would_happen_and_lets_nothing_happen()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        var id = await SuspendAsync(Raw, delivery);

        var said = await AgainAsync(id, new ReturnedMail.Reply { Evidence = "a person wrote" }, delivery, isRehearsal: true);

        Assert.That(said!.After.Outcome, Does.StartWith("active again"));
        Assert.That(await StatesAsync(delivery), Is.EqualTo(new[] { SubscriptionState.Active, SubscriptionState.Suspended }));
        Assert.That(await Inbox.ListAsync(null, 10, Stop), Is.Empty);
    }

    [Test]
    public async Task What_another_mail_says_too_is_not_undone()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        var id = await SuspendAsync(Raw, delivery);
        var other = await SuspendAsync("Subject: another"u8.ToArray(), delivery);

        var again = await AgainAsync(id, new ReturnedMail.Delayed([]) { Evidence = "still tried" }, delivery);

        Assert.That(again!.After.Outcome, Is.EqualTo($"suspended still: mail {other} says so too; delayed"));
        Assert.That((await StatesAsync(delivery))[^1], Is.EqualTo(SubscriptionState.Suspended));
    }

    [Test]
    public async Task What_came_after_a_mail_is_not_undone_with_it()
    {
        var delivery = await DeliveryAsync("ida@harbour.example");
        var id = await SuspendAsync(Raw, delivery);
        await Subscribers.ChangeAsync(delivery.Subscriber, new(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, Now), Stop);

        await AgainAsync(id, new ReturnedMail.Delayed([]) { Evidence = "still tried" }, delivery);

        Assert.That((await StatesAsync(delivery))[^1], Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [Test]
    public async Task A_reply_that_is_none_after_all_is_put_away_and_comes_back_without_being_forwarded_twice()
    {
        var handled = await HandleAsync(Raw, new ReturnedMail.Reply { Evidence = "x" });
        await Inbox.ForwardedAsync((await Inbox.ClaimForwardAsync(Now, TimeSpan.FromMinutes(30), Stop))!.Id, Now);

        await AgainAsync(handled!.Id, new ReturnedMail.AutoReply { Evidence = "a machine" }, null);
        var away = await Inbox.ListAsync(null, 10, Stop);
        var back = await AgainAsync(handled.Id, new ReturnedMail.Reply { Evidence = "x" }, null);

        Assert.That((away.Count, back!.After.Outcome), Is.EqualTo((0, "in the inbox again")));
        Assert.That(await Inbox.ListAsync(null, 10, Stop), Has.Count.EqualTo(1));
        Assert.That(await Inbox.ClaimForwardAsync(Now.AddDays(1), TimeSpan.FromMinutes(30), Stop), Is.Null);
    }

    [Test]
    public async Task A_mail_that_was_marked_is_handled_when_it_is_read_again()
    {
        var kept = await Mails.KeepAsync(Raw, "test", Now, Stop);
        await Mails.FailAsync(kept.Id, "a fault", Now);
        var failed = await Mails.FindAsync(new() { IsFailed = true }, Stop);

        var again = await AgainAsync(kept.Id, new ReturnedMail.Reply { Evidence = "x" }, null);

        Assert.That((failed, again!.IsChanged), Is.EqualTo((new[] { kept.Id }, true)));
        Assert.That(await Mails.FindAsync(new() { IsFailed = true }, Stop), Is.Empty);
        Assert.That(await Mails.EarlierAsync(kept.Id, Stop), Is.Empty);
    }

    [TestCase("proven", TestName = "proven by now")]
    [TestCase("", TestName = "unknown by now")]
    public async Task What_is_known_of_the_sender_is_of_the_last_reading_though_nothing_else_differs(string word)
    {
        var handled = await HandleAsync(Raw, new ReturnedMail.Reply { Evidence = "x" });
        var traced = new TracedMail(new ReturnedMail.Reply { Evidence = "x" }, null);
        foreach (var known in new[] { "failed", word })
            await Mails.HandleAgainAsync(handled!.Id, traced with { From = new(known, known) }, ReceivedReply.Read(Raw), _ => new Consequence.ShowEditor(Forward: true), isRehearsal: false, Now, Stop);

        var reply = (await Inbox.ThreadAsync((await Inbox.ListAsync(null, 10, Stop)).Single().Id, Stop)).Single();
        Assert.That((reply.SenderProof, reply.SenderWords), Is.EqualTo((word, word)));
    }

    private async Task<long> SuspendAsync(byte[] raw, DeliveryId delivery)
    {
        var kept = await Mails.KeepAsync(raw, "test", Now, Stop);
        var traced = new TracedMail(new ReturnedMail.Bounce([], Dead) { Evidence = "no such user" }, delivery);
        await Mails.HandleAsync(kept.Id, traced, ReceivedReply.Read(raw), history => Consequence.Of(traced, history), Now, Stop);
        return kept.Id;
    }

    private Task<SecondVerdict?> AgainAsync(long id, ReturnedMail mail, DeliveryId? delivery, bool isRehearsal = false)
    {
        var traced = new TracedMail(mail, delivery);
        return Mails.HandleAgainAsync(id, traced, ReceivedReply.Read(Raw), history => Consequence.Of(traced, history), isRehearsal, Now.AddHours(1), Stop);
    }

    private async Task<List<SubscriptionState>> StatesAsync(DeliveryId delivery) =>
        (await Subscribers.HistoryAsync(delivery.Subscriber, Stop)).Select(line => line.Change.To).ToList();

    private static BounceVerdict Dead => new(BounceReason.UserUnknown, Permanence.Permanent, "no such user");

    private async Task<HandledMail?> HandleAsync(byte[] raw, ReturnedMail mail, DeliveryId? delivery = null)
    {
        var kept = await Mails.KeepAsync(raw, "test", Now, Stop);
        return await Mails.HandleAsync(kept.Id, new(mail, delivery), ReceivedReply.Read(raw), reader => Consequence.Of(new(mail, delivery), reader), Now, Stop);
    }

    private async Task<DeliveryId> DeliveryAsync(string address, int edition = 1)
    {
        await Subscribers.AddAsync(new Profile(EmailAddress.Read(address)!), new StandingChange(SubscriptionState.Active, "test", Actor.Import, Now), Stop);
        var subscriber = (await Subscribers.FindAsync(EmailAddress.Read(address)!, Stop))!.Id;
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
            insert into editions (id, issue_slug, title, content_hash, rendered, state, state_at, due_at, created_at)
            values (@edition, @slug, 'Lapwings', '', '', 'complete', 0, 0, 0);
            insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) values (@edition, @subscriber, 'sent', @now, 0);
            """, new { now = Now.Ms(), edition = (long)edition, slug = $"issue-{edition}", subscriber = subscriber.Value }, transaction), Stop);
        return new(new(edition), subscriber);
    }
}
