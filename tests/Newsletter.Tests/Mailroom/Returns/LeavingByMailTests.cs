using System.Text;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Returns;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Tests.Mailroom.Sending;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>A mail to leave, from the bytes to the mail that tells the reader; and nothing that answers it begins anew.</summary>
public sealed class LeavingByMailTests : DeskTests
{
    private DeliveryId Letter => new(new(12), Ida);

    [Test]
    public async Task Who_leaves_is_told_once_at_the_address_that_left_and_can_come_back()
    {
        await TakeAsync("From: Ida <Ida@harbour.example>\nMessage-ID: <1@harbour.example>\nSubject: unsubscribe\n\n");
        await Farewells().SendAsync(Stop);
        await Farewells().SendAsync(Stop);

        var note = Notes().Single();
        Assert.That((note.To.ToString(), note.Subject, note.InReplyTo), Is.EqualTo(("ida@harbour.example", "Sie sind von Field Notes abgemeldet", "1@harbour.example")));
        Assert.That((note.Headers["Auto-Submitted"], note.Headers["X-Sender"]), Is.EqualTo(("auto-replied", "<>")));
        var token = note.TextBody!.Split('\n').Single(line => line.StartsWith("https://", StringComparison.Ordinal)).Trim().Split("/back/")[1];
        Assert.That(await Leaving.TakeBackAsync(Ours.ReadTakeBackToken(token)!.Value, TimeSpan.FromDays(7), "test", Stop), Is.EqualTo(ChangeOutcome.Changed));
    }

    [Test]
    public async Task A_strangers_mail_does_not_stand_in_the_conversation_of_who_is_told()
    {
        await TakeAsync("From: Ida <second@elsewhere.example>\nMessage-ID: <1@elsewhere.example>\nSubject: unsubscribe\n\n");

        await Farewells().SendAsync(Stop);

        var note = Notes().Single();
        Assert.That((note.To.ToString(), note.InReplyTo, note.References.Count), Is.EqualTo(("ida@harbour.example", (string?)null, 0)));
    }

    [TestCase("550 5.1.1 no such user")]
    [TestCase("451 4.7.1 not now")]
    public async Task Who_could_not_be_told_does_not_count_as_told(string answer)
    {
        await using var relay = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Recipient ? new LoopbackAnswer.Reply(answer) : null };
        await TakeAsync("From: ida@harbour.example\nSubject: unsubscribe\n\n");

        var told = await Farewells(by: SendingHome.Relay(relay)).SendAsync(Stop);

        await using var connection = await Database.OpenAsync(Stop);
        Assert.That((told, await connection.QuerySingleAsync<long?>("select sent_at from farewells")), Is.EqualTo((0, (long?)null)));
    }

    [Test]
    public async Task The_way_back_is_open_for_some_days_and_no_longer()
    {
        await TakeAsync("From: ida@harbour.example\nSubject: unsubscribe\n\n");
        Clock.Advance(TimeSpan.FromDays(6));
        Assert.That(await Leaving.TakeBackAsync(Letter, "test", Stop), Is.EqualTo(ChangeOutcome.NotAllowed), "by a letter's link");

        Clock.Advance(TimeSpan.FromDays(2));

        Assert.That(await Leaving.TakeBackAsync(new FarewellId(1, Ida), TimeSpan.FromDays(7), "test", Stop), Is.EqualTo(ChangeOutcome.NotAllowed));
    }

    [TestCase("Return-Path: <>\n")]
    [TestCase("Auto-Submitted: auto-generated\n")]
    [TestCase("Precedence: bulk\n")]
    [TestCase("X-Loop: news@other.example\n")]
    public async Task A_machines_mail_to_leave_acts_and_is_not_answered(string header)
    {
        await TakeAsync($"{header}From: ida@harbour.example\nSubject: unsubscribe\n\n");

        await Farewells().SendAsync(Stop);

        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Unsubscribed));
        Assert.That(Notes(), Is.Empty);
    }

    [Test]
    public async Task Switched_off_it_is_done_without_a_word()
    {
        await TakeAsync("From: ida@harbour.example\nSubject: unsubscribe\n\n", new() { ConfirmUnsubscribe = false });

        await Farewells().SendAsync(Stop);

        Assert.That(Notes(), Is.Empty);
    }

    [Test]
    public async Task Who_came_back_meanwhile_is_not_told()
    {
        await TakeAsync("From: ida@harbour.example\nSubject: unsubscribe\n\n");
        await Leaving.TakeBackAsync(Letter, "test", Stop);

        await Farewells().SendAsync(Stop);

        Assert.That(Notes(), Is.Empty);
    }

    [Test]
    public async Task In_the_sandbox_the_tester_gets_it()
    {
        await TakeAsync("From: ida@harbour.example\nSubject: unsubscribe\n\n");

        await Farewells(EmailAddress.Read("tester@example.org")).SendAsync(Stop);

        Assert.That((Notes().Single().To.ToString(), Notes().Single().Subject), Is.EqualTo(("tester@example.org", "[Sandbox] Sie sind von Field Notes abgemeldet")));
    }

    [TestCase(HumanUnsubscribe.Act, SubscriptionState.Unsubscribed)]
    [TestCase(HumanUnsubscribe.Offer, SubscriptionState.Active)]
    public async Task A_wish_in_words_is_done_by_setting_and_the_editor_sees_it_either_way(HumanUnsubscribe setting, SubscriptionState state)
    {
        await TakeAsync("From: Ida <ida@harbour.example>\nSubject: Re: Field Notes 12\n\nPlease remove me from your list.\n", new() { HumanUnsubscribe = setting }, Ours.ReplyTo(Letter));

        Assert.That(await StateAsync(), Is.EqualTo(state));
        Assert.That((await new InboxStore(Database).ListAsync(null, 10, Stop)).Single().Kind, Is.EqualTo("unsubscribe"));
    }

    [Test]
    public async Task A_wish_from_somebody_else_is_offered_and_not_done()
    {
        await TakeAsync("From: Eve <eve@evil.example>\nSubject: Re: Field Notes 12\n\nPlease remove me from your list.\n", new() { HumanUnsubscribe = HumanUnsubscribe.Act }, Ours.ReplyTo(Letter));

        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    /// <summary>Another house's mail program reads ours as we read its: what comes back of a farewell is fed to us until nothing more is written.</summary>
    [TestCase(null, TestName = "as it is")]
    [TestCase("Auto-Submitted", TestName = "with its mark of a machine stripped on the way")]
    public async Task Two_newsletters_that_answer_one_another_stop(string? stripped)
    {
        await TakeAsync("From: news@other.example\nSubject: unsubscribe\n\n");
        await Farewells().SendAsync(Stop);
        for (var round = 0; round < 20; round++)
        {
            var note = Notes()[^1];
            if (stripped is not null)
                note.Headers.RemoveAll(stripped);
            note.MessageId = $"{round}@other.example";
            using var bytes = new MemoryStream();
            await note.WriteToAsync(bytes, Stop);
            // It changes the standing each time, as a robot would that takes it back and leaves again.
            await Subscribers.ChangeAsync(Ida, new(SubscriptionState.Active, "back", Actor.Reader, Clock.GetUtcNow()), Stop);
            await Desk().TakeAsync(Encoding.UTF8.GetBytes($"To: {Ours.UnsubscribeMail(Letter)}\n{Encoding.UTF8.GetString(bytes.ToArray())}"), "test", [], Stop);
            await Farewells().SendAsync(Stop);
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That(Notes(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_mail_that_is_too_large_is_kept_cut_with_a_mark_and_acts()
    {
        var mail = $"To: {Ours.UnsubscribeMail(Letter)}\nFrom: ida@harbour.example\nSubject: unsubscribe\n\n{new string('a', 300_000)}";

        var taken = await Desk(new() { LargestMail = 64 * 1024 }).TakeAsync(Encoding.UTF8.GetBytes(mail), "test", [], Stop);

        var kept = Encoding.UTF8.GetString((await new ReturnedMailStore(Database).RawAsync(taken.Id, Stop))!);
        Assert.That(kept, Does.StartWith("X-Newsletter-Cut: 65536 of ").And.Length.LessThan(66_000));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    private Leaving Leaving => new(Subscribers, Clock, NullLogger<Leaving>.Instance);

    private ReturnDesk Desk(ReturnsOptions? options = null) => new(new ReturnedMailStore(Database), Ours, Clock, rules: IncomingRules.Of(options ?? new(), Some.Publication()));

    private Task<TakenMail> TakeAsync(string mail, ReturnsOptions? options = null, string? to = null) =>
        Desk(options).TakeAsync(Encoding.UTF8.GetBytes($"To: {to ?? Ours.UnsubscribeMail(Letter)}\n{mail}"), "test", [], Stop);

    private Farewells Farewells(EmailAddress? sandbox = null, ITransport? by = null) => new(
        new FarewellStore(Database), Subscribers, Ours, new CurrentPlan(new SendingPlan([by ?? Outbox])),
        new NoteWriter(Some.Publication(), new DkimSeal([]), sandbox), Some.Publication(), new ReturnsOptions(), Clock, NullLogger<Farewells>.Instance);
}
