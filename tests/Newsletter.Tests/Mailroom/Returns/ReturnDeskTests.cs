using System.Text;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>From the bytes in a Maildir to the standing, the inbox and the editor's own mailbox.</summary>
public sealed class ReturnDeskTests : DeskTests
{
    private ReturnDesk Desk => new(new ReturnedMailStore(Database), Ours, Clock);

    /// <summary>A relay that carries nothing of ours: whoever tried it would be refused a connection.</summary>
    private static SmtpTransport Elsewhere => new(new() { Host = "127.0.0.1", Port = 1, Security = RelaySecurity.None, SenderDomains = "elsewhere.example" });

    private CurrentPlan Plan => new(new SendingPlan([Elsewhere, Outbox]));

    private static NoteWriter NoteWriter => new(Some.Publication(), new DkimSeal([]));

    private OwedMail Owed => new(
        new ReplyForwarder(new InboxStore(Database), Plan, NoteWriter, Some.Publication(), Ours, Clock),
        new Farewells(new FarewellStore(Database), Subscribers, Ours, Plan, NoteWriter, Some.Publication(), new ReturnsOptions(), Clock, NullLogger<Farewells>.Instance));

    private Mailboxes Mailboxes => new(
        [new Maildir(PathOf("inbox"))], Desk, Owed, new(new MailboxStore(Database), Clock, NullLogger<MailboxRecord>.Instance), NullLogger<Mailboxes>.Instance);

    [Test]
    public async Task A_bounce_to_our_sealed_address_suspends_the_reader_it_names()
    {
        await DeliverAsync(Bounce(Ours.ReturnPath(Delivery)));

        await Mailboxes.ReceiveAsync(_ => { }, Stop);

        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Suspended));
        Assert.That(Filed("Processed"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_forged_bounce_changes_nobody_and_is_shown()
    {
        await DeliverAsync(Bounce(Ours.ReturnPath(Delivery).Replace("r-", "r-a", StringComparison.Ordinal)));

        await Mailboxes.ReceiveAsync(_ => { }, Stop);

        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Active));
        Assert.That((await new InboxStore(Database).ListAsync(null, 10, Stop)).Single().Kind, Is.EqualTo("bounce"));
        Assert.That(Filed("Unmatched"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_mail_to_the_sealed_unsubscribe_address_ends_the_subscription()
    {
        await DeliverAsync($"From: ida@harbour.example\nTo: {Ours.UnsubscribeMail(Delivery)}\nSubject: unsubscribe\n\n\n");

        await Mailboxes.ReceiveAsync(_ => { }, Stop);

        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [Test]
    public async Task A_reply_is_in_the_inbox_and_goes_once_to_the_editor_who_can_answer_it()
    {
        await DeliverAsync(Reply("Ida Lund <ida@harbour.example>"));

        await Mailboxes.ReceiveAsync(_ => { }, Stop);
        await Mailboxes.ReceiveAsync(_ => { }, Stop);

        var note = Notes().Single();
        Assert.That((note.To.ToString(), note.ReplyTo.ToString(), note.Subject), Is.EqualTo(("editor@example.org", Ours.Forward(1, 1), "Re: Field Notes 12")));
        Assert.That((note.Headers["Auto-Submitted"], note.Headers["X-Sender"]), Is.EqualTo(("auto-replied", "<>")));
        Assert.That(note.TextBody, Does.StartWith("Lovely."));
    }

    [Test]
    public async Task A_note_that_comes_back_to_us_is_not_handed_on_again()
    {
        await DeliverAsync(Reply("Ida Lund <ida@harbour.example>"));
        await Mailboxes.ReceiveAsync(_ => { }, Stop);
        await DeliverAsync(await File.ReadAllTextAsync(NoteFiles().Single()));

        await Mailboxes.ReceiveAsync(_ => { }, Stop);

        Assert.That(Notes(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_the_editor_writes_to_us_is_shown_and_not_handed_on()
    {
        await DeliverAsync(Reply("Editor <editor@example.org>"));

        await Mailboxes.ReceiveAsync(_ => { }, Stop);

        Assert.That((await new InboxStore(Database).ListAsync(null, 10, Stop)).Single().Address, Is.EqualTo("ida@harbour.example"));
        Assert.That(Notes(), Is.Empty);
    }

    [Test]
    public async Task A_mail_that_was_stored_and_not_handled_is_handled_by_the_next_run()
    {
        var raw = Encoding.UTF8.GetBytes(Bounce(Ours.ReturnPath(Delivery)));
        await new ReturnedMailStore(Database).KeepAsync(raw, "standard input", Clock.GetUtcNow(), Stop);

        await Mailboxes.ReceiveAsync(_ => { }, Stop);

        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Suspended));
    }

    [Test]
    public async Task A_fault_over_one_mail_does_not_keep_the_others_waiting()
    {
        await DeliverAsync(Bounce(Ours.ReturnPath(Delivery)));
        await DeliverAsync(Reply("Ida Lund <ida@harbour.example>"));
        var first = true;

        var trouble = await Assert.ThrowsAsync<MailboxException>(() => Mailboxes.ReceiveAsync(_ =>
        {
            if (!first)
                return;
            first = false;
            throw new InvalidOperationException("a fault of ours");
        }, Stop));

        Assert.That(trouble!.Message, Does.Contain("a fault of ours").And.Not.Contain("\n"));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Suspended));
        Assert.That(Notes(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_envelope_recipient_is_kept_with_the_mail()
    {
        var raw = Encoding.UTF8.GetBytes("From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n<ida@harbour.example>:\nno such user\n");

        var taken = await Desk.TakeAsync(raw, "standard input", [Ours.ReturnPath(Delivery)], Stop);

        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Suspended));
        Assert.That(Encoding.UTF8.GetString((await new ReturnedMailStore(Database).RawAsync(taken.Id, Stop))!), Does.StartWith($"Delivered-To: {Ours.ReturnPath(Delivery)}\n"));
    }

    [Test]
    public async Task A_mail_that_comes_twice_does_nothing_the_second_time()
    {
        var raw = Encoding.UTF8.GetBytes(Bounce(Ours.ReturnPath(Delivery)));
        await Desk.TakeAsync(raw, "test", [], Stop);
        await Subscribers.ChangeAsync(Ida, new(SubscriptionState.Active, "back", Actor.Reader, Clock.GetUtcNow()), Stop);

        var again = await Desk.TakeAsync(raw, "test", [], Stop);

        Assert.That(again.Handled, Is.Null);
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task A_mail_that_comes_two_ways_is_kept_and_acts_once()
    {
        var reply = Reply("Ida Lund <ida@harbour.example>");
        var first = await Desk.TakeAsync(Encoding.UTF8.GetBytes($"Delivered-To: returns@example.org\nReceived: by one\n{reply}"), "one", [], Stop);

        var second = await Desk.TakeAsync(Encoding.UTF8.GetBytes($"From ida@harbour.example Mon Nov  2\nReturn-Path: <ida@harbour.example>\n{reply}\n".ReplaceLineEndings("\r\n")), "two", [], Stop);

        Assert.That((second.Id, second.Handled), Is.EqualTo((first.Id, (HandledMail?)null)));
        Assert.That(await new InboxStore(Database).ListAsync(null, 10, Stop), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_mail_that_trips_a_fault_each_time_is_kept_and_marked_and_those_behind_it_are_read()
    {
        await PoisonAsync("Re: Field Notes 12");
        await DeliverAsync(Reply("Ida Lund <ida@harbour.example>"));
        await DeliverAsync(Bounce(Ours.ReturnPath(Delivery)));
        var taken = new List<TakenMail>();

        await Mailboxes.ReceiveAsync(taken.Add, Stop);
        await Mailboxes.ReceiveAsync(taken.Add, Stop);

        Assert.That(taken.Count(mail => mail.Fault is not null), Is.EqualTo(1));
        Assert.That((Filed("Unmatched"), Filed("Processed")), Is.EqualTo((1, 1)));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Suspended));
        Assert.That(await Desk.UnfinishedAsync(Stop), Is.Empty);
    }

    [Test]
    public async Task A_mail_whose_handling_ends_the_process_each_time_is_begun_ten_times_and_then_marked()
    {
        var store = new ReturnedMailStore(Database);
        var kept = await store.KeepAsync(Encoding.UTF8.GetBytes(Bounce(Ours.ReturnPath(Delivery))), "test", Clock.GetUtcNow(), Stop);

        for (var i = 0; i < ReturnedMailStore.MaxTries; i++)
            Assert.That(await store.BeginAsync(kept.Id, Clock.GetUtcNow(), Stop), Is.True);
        var last = await store.BeginAsync(kept.Id, Clock.GetUtcNow(), Stop);

        Assert.That(last, Is.False);
        Assert.That(await Desk.UnfinishedAsync(Stop), Is.Empty);
    }

    [Test]
    public async Task A_mail_that_several_ways_bring_at_once_is_begun_once()
    {
        var kept = await new ReturnedMailStore(Database).KeepAsync(Encoding.UTF8.GetBytes(Bounce(Ours.ReturnPath(Delivery))), "test", Clock.GetUtcNow(), Stop);

        using var desk = Desk;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => desk.FinishAsync(kept.Id, Stop))));

        Assert.That(await Database.ReadAsync(connection => connection.QuerySingleAsync<long>("select tries from returned_mails"), Stop), Is.EqualTo(1));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Suspended));
    }

    [Test]
    public async Task The_mail_that_was_begun_least_often_comes_first()
    {
        var store = new ReturnedMailStore(Database);
        var suspect = await store.KeepAsync("one"u8.ToArray(), "test", Clock.GetUtcNow(), Stop);
        var other = await store.KeepAsync("two"u8.ToArray(), "test", Clock.GetUtcNow(), Stop);

        await store.BeginAsync(suspect.Id, Clock.GetUtcNow(), Stop);

        Assert.That(await Desk.UnfinishedAsync(Stop), Is.EqualTo(new[] { other.Id, suspect.Id }));
    }

    [Test]
    public async Task A_try_that_a_stop_cut_short_counts_for_nothing()
    {
        var kept = await new ReturnedMailStore(Database).KeepAsync(Encoding.UTF8.GetBytes(Bounce(Ours.ReturnPath(Delivery))), "test", Clock.GetUtcNow(), Stop);
        for (var i = 0; i < ReturnedMailStore.MaxTries + 2; i++)
        {
            using var stop = new CancellationTokenSource();
            var desk = new ReturnDesk(new ReturnedMailStore(Database), Ours, new StoppingClock(stop, look: 2));
            Assert.That(async () => await desk.FinishAsync(kept.Id, stop.Token), Throws.InstanceOf<OperationCanceledException>(), $"try {i}");
        }

        await Desk.FinishAsync(kept.Id, Stop);

        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Suspended));
    }

    /// <summary>Tells a process to stop while it works: at the second look at the Clock a mail is begun and not yet handled.</summary>
    private sealed class StoppingClock(CancellationTokenSource stop, int look) : TimeProvider
    {
        private int looks;

        public override DateTimeOffset GetUtcNow()
        {
            if (++looks == look)
                stop.Cancel();
            return new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
        }
    }

    private DeliveryId Delivery => new(new(12), Ida);

    /// <summary>A database that refuses one mail and takes all others: as good a fault as any.</summary>
    private Task<int> PoisonAsync(string subject) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        $"create trigger poison before insert on replies when new.subject = '{subject}' begin select raise(abort, 'poison'); end", transaction: transaction), Stop);

    private static string Bounce(string to) =>
        $"Return-Path: <>\nDelivered-To: {to}\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nI wasn't able to deliver your message.\n\n<ida@harbour.example>:\n550 5.1.1 no such user\n";

    private string Reply(string from) => $"From: {from}\nTo: {Ours.ReplyTo(Delivery)}\nSubject: Re: Field Notes 12\nMessage-ID: <a1@harbour.example>\n\nLovely.\n";

    private Task DeliverAsync(string mail) => Maildir.DeliverAsync(PathOf("inbox"), $"{Guid.NewGuid():n}", Encoding.UTF8.GetBytes(mail), Stop);

    private int Filed(string filing) => Directory.GetFiles(PathOf("inbox", $".{filing}", "cur")).Length;
}
