using System.Text;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>A reader writes, the editor answers from here or from their own mailbox, the reader answers again: one conversation.</summary>
public sealed partial class AnswerTests : DeskTests
{
    protected override SubscriptionState Standing => SubscriptionState.Unsubscribed;

    private static Publication Publication { get; } = new() { Name = "Field Notes", FromAddress = "editor@example.org", EditorAddress = "erik@home.example", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org", TimeZone = "Europe/Berlin" };

    private static EditorAddresses Editor => EditorAddresses.Of(Publication);

    private InboxStore Inbox => new(Database);

    private AnswerStore Answers => new(Database);

    private ReturnDesk Desk => new(new ReturnedMailStore(Database), Ours, Clock, Editor, IncomingRules.Of(new() { TrustedAuthservIds = ["mx.example.org"] }, Publication));

    private AnswerDesk AnswerDesk => new(Inbox, Answers, Ours, Publication, Subscribers, Clock);

    private static NoteWriter Writer => new(Publication, new DkimSeal([]));

    [Test]
    public async Task An_answer_goes_once_to_the_reader_and_belongs_to_the_conversation()
    {
        var thread = await ReplyAsync("a1", "Re: Field Notes 12", extra: "In-Reply-To: <m-x@example.org>\nReferences: <z0@harbour.example> <m-x@example.org>\n");

        await AnswerDesk.WriteAsync(thread, "Thank you, Ida.\r\n", quote: true, "form 1", "", Stop);
        await AnswerDesk.WriteAsync(thread, "Thank you, Ida.", quote: true, "form 1", "", Stop);
        var sent = await Sender().SendAsync(Stop);
        await Sender().SendAsync(Stop);

        var letter = Notes().Single();
        Assert.That((sent, letter.To.ToString(), letter.From.Mailboxes.Single().Address, letter.Subject), Is.EqualTo((1, "ida@harbour.example", "editor@example.org", "Re: Field Notes 12")));
        Assert.That((letter.InReplyTo, letter.References.ToArray()), Is.EqualTo(("a1@harbour.example", new[] { "z0@harbour.example", "m-x@example.org", "a1@harbour.example" })));
        Assert.That(letter.ReplyTo.ToString(), Is.EqualTo(Ours.Thread(thread)));
        Assert.That(letter.Headers["Auto-Submitted"], Is.Null, "a person wrote it");
        Assert.That(letter.TextBody!.ReplaceLineEndings("\n").Trim(), Is.EqualTo("Thank you, Ida.\n\nOn 2 November 2026 08:00, Ida Lund wrote:\n> Lovely."));
        Assert.That((await Inbox.FindAsync(thread, Stop))!.Answered, Is.EqualTo(1));
    }

    [Test]
    public async Task What_the_reader_answers_to_it_is_in_the_same_conversation_by_seal_or_by_reference()
    {
        var thread = await ReplyAsync("a1", "Hello");
        await AnswerDesk.WriteAsync(thread, "Thank you.", quote: false, "form 1", "", Stop);
        await Sender().SendAsync(Stop);
        var letter = Notes().Single();

        var bySeal = await TakeAsync($"From: ida@harbour.example\nTo: {letter.ReplyTo}\nSubject: Other words\nMessage-ID: <a2@harbour.example>\n\nAgain.\n");
        var byReference = await TakeAsync($"From: ida@harbour.example\nTo: editor@example.org\nSubject: Other words\nIn-Reply-To: <{letter.MessageId}>\nMessage-ID: <a3@harbour.example>\n\nAnd again.\n");

        var replies = await Inbox.ThreadAsync(thread, Stop);
        Assert.That(replies.Select(reply => (reply.ReturnedMail, reply.FiledBy)), Is.EqualTo(new[] { (replies[0].ReturnedMail, ""), (bySeal.Id, "thread"), (byReference.Id, "reference") }));
        Assert.That((await Inbox.FindAsync(thread, Stop))!.State, Is.EqualTo("unread"));
    }

    [Test]
    public async Task The_editors_answer_from_their_own_mailbox_goes_to_the_reader_with_its_file_and_without_the_key()
    {
        var thread = await ReplyAsync("a1", "Re: Field Notes 12");
        var note = await ForwardAsync();

        var taken = await TakeAsync($$"""
            From: Erik <erik@home.example>
            To: {{note.ReplyTo}}
            Subject: Re: Re: Field Notes 12
            Message-ID: <e1@home.example>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="b"

            --b
            Content-Type: text/plain

            Gladly, Ida. Your letter to {{note.ReplyTo}} came well.

            On 2 Nov 2026, at 07:00, Ida Lund by Field Notes <editor@example.org> wrote:
            > Lovely.
            --b
            Content-Type: application/pdf; name="map.pdf"
            Content-Disposition: attachment; filename="map.pdf"

            %PDF-1.7 map
            --b--
            """);
        await Sender().SendAsync(Stop);

        var letter = Notes().Single();
        Assert.That((letter.From.Mailboxes.Single().Address, letter.To.ToString(), letter.Subject, letter.InReplyTo), Is.EqualTo(("editor@example.org", "ida@harbour.example", "Re: Field Notes 12", "a1@harbour.example")));
        Assert.That(letter.TextBody!.Trim(), Is.EqualTo("Gladly, Ida. Your letter to … came well."));
        Assert.That(letter.Attachments.OfType<MimePart>().Single().FileName, Is.EqualTo("map.pdf"));
        Assert.That(letter.ToString(), Does.Not.Contain(note.ReplyTo.ToString()));
        Assert.That((taken.Handled!.Consequence.Word, (await Answers.ListAsync(thread, Stop)).Single().ReturnedMail), Is.EqualTo(("answer", taken.Id)));
    }

    [TestCase("Mallory <mallory@evil.example>", "", "show")]
    [TestCase("Erik <erik@home.example>", "Auto-Submitted: auto-replied\n", "aside")]
    public async Task What_another_or_a_machine_writes_to_that_address_goes_to_nobody(string from, string extra, string consequence)
    {
        var thread = await ReplyAsync("a1", "Hello");
        var note = await ForwardAsync();

        var taken = await TakeAsync($"From: {from}\nTo: {note.ReplyTo}\nSubject: Re: Hello\n{extra}Message-ID: <e1@home.example>\n\nwords\n");
        await Sender().SendAsync(Stop);

        Assert.That(taken.Handled!.Consequence.Word, Is.EqualTo(consequence));
        Assert.That(Notes(), Is.Empty);
        Assert.That(await Answers.ListAsync(thread, Stop), Is.Empty);
    }

    [TestCase("erik@home.example", "Authentication-Results: mx.example.org; dmarc=fail header.from=home.example\n", "words", "in the inbox; not passed on, because it fails DMARC of home.example, so another may have written it")]
    [TestCase("erik@home.example", "", "", "in the inbox; not passed on, because it is empty")]
    [TestCase("erik@work.example", "", "words", "in the inbox, to be forwarded; not passed on, because it is not from erik@home.example")]
    public async Task What_comes_to_that_address_and_does_not_go_on_says_why(string from, string extra, string words, string outcome)
    {
        var thread = await ReplyAsync("a1", "Hello");
        var note = await ForwardAsync();

        var taken = await TakeAsync($"{extra}From: Erik <{from}>\nTo: {note.ReplyTo}\nSubject: Re: Hello\nMessage-ID: <e1@home.example>\n\n{words}\n");
        await Sender().SendAsync(Stop);

        Assert.That((Notes().Count, taken.Handled!.Outcome), Is.EqualTo((0, outcome)));
        Assert.That(outcome, Does.EndWith($"because {(await Inbox.ThreadAsync(thread, Stop))[^1].NotPassedOn}"));
    }

    [Test]
    public async Task What_the_editor_writes_from_another_address_comes_back_to_them_with_the_reason()
    {
        await ReplyAsync("a1", "Hello");
        var note = await ForwardAsync();
        await TakeAsync($"From: Erik <erik@work.example>\nTo: {note.ReplyTo}\nSubject: Re: Hello\nMessage-ID: <e1@work.example>\n\nwords\n");

        var back = (await ForwardAsync()).TextBody!.ReplaceLineEndings("\n");

        Assert.That(back, Does.Contain("It was not passed on to the reader, because it is not from erik@home.example.\nAnswer this mail, and erik@work.example gets your answer from editor@example.org.\n"));
    }

    [TestCase("ida@harbour.example", "")]
    [TestCase("mallory@evil.example", "Mind: it is in the conversation of ida@harbour.example, and from another address.\n")]
    public async Task The_note_says_that_a_mail_asks_to_leave_and_whose_conversation_another_is_in(string from, string said)
    {
        await TakeAsync($"From: {from}\nTo: {Ours.ReplyTo(DeliveryId.Of(1, Ida.Value))}\nSubject: Re: Field Notes 12\nMessage-ID: <a1@harbour.example>\n\nPlease remove me from your list.\n");

        var note = (await ForwardAsync()).TextBody!.ReplaceLineEndings("\n");
        var outcome = (await new ReturnedMailStore(Database).ListAsync(new(), 1, Stop)).Single().Reading.Outcome;

        Assert.That(note, Does.Contain($"wrote this.\nIt asks to be taken off the list: newsletter inbox unsubscribe 1\n{said}Answer this mail"));
        Assert.That(outcome, Is.EqualTo("in the inbox, forwarded"));
    }

    [Test]
    public async Task A_forged_seal_is_no_door()
    {
        await ReplyAsync("a1", "Hello");
        var note = await ForwardAsync();

        var taken = await TakeAsync($"From: erik@home.example\nTo: {note.ReplyTo.ToString()[..^20]}aaaa@returns.example.org\nSubject: x\n\nwords\n");

        Assert.That((taken.Handled!.Consequence.Word, await Sender().SendAsync(Stop)), Is.EqualTo(("show", 0)));
    }

    [Test]
    public async Task A_mail_that_asks_to_be_answered_at_an_address_of_ours_is_not()
    {
        var thread = await ReplyAsync("a1", "Hello", extra: $"Reply-To: {Ours.Thread(1)}\n");

        var written = await AnswerDesk.WriteAsync(thread, "Thank you.", quote: false, "form 1", "", Stop);

        Assert.That((written.Id, written.Refusal), Is.EqualTo(((long?)null, "no mail of this conversation has an address that can be answered")));
    }

    [Test]
    public async Task Where_several_have_written_each_can_be_answered_and_nobody_by_guess()
    {
        var thread = await ReplyAsync("a1", "Hello");
        await TakeAsync($"From: mallory@evil.example\nTo: {Ours.Thread(thread)}\nSubject: Hello\nMessage-ID: <m1@evil.example>\n\nMe too.\n");

        var guessed = await AnswerDesk.WriteAsync(thread, "A secret.", quote: false, "form 1", "", Stop);
        var toNobody = await AnswerDesk.WriteAsync(thread, "A secret.", quote: false, "form 1", "bo@harbour.example", Stop);
        await AnswerDesk.WriteAsync(thread, "A secret.", quote: true, "form 1", "IDA@harbour.example", Stop);
        await AnswerDesk.WriteAsync(thread, "Who are you?", quote: true, "form 2", "mallory@evil.example", Stop);

        Assert.That(guessed, Is.EqualTo(new WrittenAnswer(null, "several have written in this conversation (ida@harbour.example, mallory@evil.example); say for whom it is (on the command line: --to ADDRESS)")));
        Assert.That(toNobody, Is.EqualTo(new WrittenAnswer(null, "nobody in this conversation is answered at bo@harbour.example; it can be ida@harbour.example, mallory@evil.example")));
        Assert.That((await Answers.ListAsync(thread, Stop)).Select(answer => (answer.To.Value, answer.References[^1], answer.Body.TrimEnd().Split('\n')[^1])),
            Is.EqualTo(new[] { ("ida@harbour.example", "a1@harbour.example", "> Lovely."), ("mallory@evil.example", "m1@evil.example", "> Me too.") }));
    }

    [Test]
    public async Task An_answer_that_no_relay_takes_brings_its_conversation_back()
    {
        var thread = await ReplyAsync("a1", "Hello");
        var id = (await AnswerDesk.WriteAsync(thread, "Thank you.", quote: false, "form 1", "", Stop)).Id!.Value;
        await Inbox.MarkAsync(thread, "done", Stop);
        await BeginAsync(id);

        await Answers.RecordAsync(id, "failed", "550 no", null, Clock.GetUtcNow());

        Assert.That((await Inbox.FindAsync(thread, Stop))!.State, Is.EqualTo("unread"));
    }

    [Test]
    public async Task A_reader_at_the_domain_of_our_sealed_addresses_is_answered()
    {
        var thread = await ReplyAsync("a1", "Hello", extra: "Reply-To: r-ida@returns.example.org\n");

        var written = await AnswerDesk.WriteAsync(thread, "Thank you.", quote: false, "form 1", "", Stop);

        Assert.That(written.Id, Is.Not.Null);
    }

    [Test]
    public async Task A_bounce_of_an_answer_is_shown_in_its_conversation()
    {
        var thread = await ReplyAsync("a1", "Hello");

        await TakeAsync($"Return-Path: <>\nDelivered-To: {Ours.Thread(thread)}\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nI wasn't able to deliver your message.\n\n<ida@harbour.example>:\n550 5.1.1 no such user\n");

        Assert.That((await Inbox.ThreadAsync(thread, Stop)).Select(reply => reply.Kind), Is.EqualTo(new[] { "reply", "bounce" }));
    }

    [TestCase("complained")]
    [TestCase("erased")]
    public async Task An_address_that_is_barred_is_not_answered_and_the_editor_is_told_why(string standing)
    {
        var early = await ReplyAsync("a1", "Hello");
        await AnswerDesk.WriteAsync(early, "Thank you.", quote: false, "form 1", "", Stop); // before it is barred
        if (standing is "erased")
            await Subscribers.EraseAsync(Ida, "asked for", Actor.Reader, Clock.GetUtcNow(), Stop);
        else
            await Subscribers.SuppressAsync(EmailAddress.Read("ida@harbour.example")!, new(SuppressionReason.Complaint, Actor.Server, Clock.GetUtcNow()), Stop);
        var sent = await Sender().SendAsync(Stop);
        var thread = await ReplyAsync("a2", "Hello again");

        var refused = await AnswerDesk.WriteAsync(thread, "Thank you.", quote: false, "form 2", "", Stop);

        Assert.That((sent, refused.Id, Notes().Count), Is.EqualTo((0, (long?)null, 0)));
        Assert.That(refused.Refusal, Does.StartWith("ida@harbour.example gets no mail from here").And.Contain("write from a mail program of your own"));
        if (standing is "complained")
            Assert.That((await Answers.ListAsync(early, Stop)).Select(answer => (answer.State, answer.Words)), Is.EqualTo(new[] { ("failed", refused.Refusal) }));
    }

    [Test]
    public async Task In_the_sandbox_an_answer_goes_to_its_one_address()
    {
        var thread = await ReplyAsync("a1", "Hello");
        await AnswerDesk.WriteAsync(thread, "Thank you.", quote: false, "form 1", "", Stop);

        await Sender(new(Publication, new DkimSeal([]), EmailAddress.Read("me@sand.example"))).SendAsync(Stop);

        Assert.That((Notes().Single().To.ToString(), Notes().Single().ReplyTo.Count), Is.EqualTo(("me@sand.example", 0)));
    }

    private async Task BeginAsync(long answer)
    {
        await Answers.ClaimAsync(Clock.GetUtcNow(), TimeSpan.FromMinutes(30), Stop);
        await Answers.BeginAsync(answer, Clock.GetUtcNow().AddMinutes(30), Clock.GetUtcNow().AddMinutes(30));
    }

    private Task<int> ExecuteAsync(string sql) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(sql, transaction: transaction), Stop);

    private async Task<long> ReplyAsync(string id, string subject, string extra = "")
    {
        await TakeAsync($"From: Ida Lund <ida@harbour.example>\nTo: editor@example.org\nSubject: {subject}\nMessage-ID: <{id}@harbour.example>\n{extra}\nLovely.\n");
        return (await Inbox.ListAsync(null, 1, Stop)).Single().Id;
    }

    private Task<TakenMail> TakeAsync(string mail) => Desk.TakeAsync(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\n")), "test", [], Stop);

    private async Task<MimeMessage> ForwardAsync()
    {
        var outbox = PathOf("notes");
        await new ReplyForwarder(Inbox, new CurrentPlan(new SendingPlan([new PickupTransport(outbox)])), Writer, Publication, Ours, Clock).ForwardAsync(Stop);
        return Directory.GetFiles(Path.Combine(outbox, "notes")).Select(file => MimeMessage.Load(file, Stop)).MaxBy(note => note.MessageId, StringComparer.Ordinal)!; // the newest
    }

    private AnswerSender Sender(NoteWriter? notes = null) => new(
        Answers, new ReturnedMailStore(Database), Subscribers, new CurrentPlan(new SendingPlan([Outbox])), new AnswerLetters(notes ?? Writer, Ours, Editor), Clock, NullLogger<AnswerSender>.Instance);
}
