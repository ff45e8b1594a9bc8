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
public sealed class InboxStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Stop = CancellationToken.None;
    private int mails;

    private ReturnedMailStore Mails => new(Database);

    private InboxStore Inbox => new(Database);

    [Test]
    public async Task Replies_of_a_reader_about_one_issue_are_one_conversation_and_about_two_are_two()
    {
        var (first, second) = (await DeliveryAsync("ida@harbour.example", "spring"), await DeliveryAsync("ann@readers.example", "summer"));

        await ReplyAsync("ida@harbour.example", "Re: Spring", "one", delivery: first);
        await ReplyAsync("ida@harbour.example", "Something else", "two", delivery: first);
        await ReplyAsync("ann@readers.example", "Re: Summer", "three", delivery: second);

        Assert.That((await Inbox.ListAsync(null, 10, Stop)).Select(thread => (thread.IssueSlug, thread.Count)), Is.EqualTo(new[] { ("summer", 1L), ("spring", 2L) }));
    }

    [Test]
    public async Task A_mail_that_names_a_mail_of_the_conversation_belongs_to_it_whoever_wrote_it()
    {
        await ReplyAsync("ida@harbour.example", "Hedges", "one", id: "a1@harbour.example");

        await ReplyAsync("ann@readers.example", "Walls", "two", extra: "References: <x@y.example> <a1@harbour.example>\n");

        var thread = (await Inbox.ListAsync(null, 10, Stop)).Single();
        Assert.That((await Inbox.ThreadAsync(thread.Id, Stop)).Select(reply => reply.FiledBy), Is.EqualTo(new[] { "", "reference" }));
    }

    [TestCase("ida@harbour.example", "Re: AW: hedges", true)]
    [TestCase("IDA@harbour.example", "RE: Hedges", true)]
    [TestCase("mallory@evil.example", "Re: Hedges", false)]
    [TestCase("ida@harbour.example", "Hedges", false)]
    [TestCase("ida@harbour.example", "Re: Walls", false)]
    public async Task A_subject_joins_only_what_the_same_sender_answers(string from, string subject, bool joins)
    {
        await ReplyAsync("ida@harbour.example", "Hedges", "one");

        await ReplyAsync(from, subject, "two");

        Assert.That(await Inbox.ListAsync(null, 10, Stop), Has.Count.EqualTo(joins ? 1 : 2));
    }

    [Test]
    public async Task A_subject_is_the_last_resort_for_issue_and_subscriber_too()
    {
        var delivery = await DeliveryAsync("ida@harbour.example", "spring");

        await ReplyAsync("ida@harbour.example", "AW: Spring", "one");
        await ReplyAsync("mallory@evil.example", "AW: Spring", "two");

        var threads = await Inbox.ListAsync(null, 10, Stop);
        Assert.That(threads.Select(thread => (thread.IssueSlug, thread.Subscriber)), Is.EqualTo(new[] { ("", (SubscriberId?)null), ("spring", delivery.Subscriber) }));
    }

    [Test]
    public async Task A_machines_answer_is_out_of_the_way_with_the_day_of_return()
    {
        var delivery = await DeliveryAsync("ida@harbour.example", "spring");
        await ReplyAsync("ida@harbour.example", "Re: Spring", "a person", delivery: delivery);
        await Inbox.MarkAsync((await Inbox.ListAsync(null, 1, Stop)).Single().Id, "done", Stop);

        await ReplyAsync("ida@harbour.example", "Out of office", "I am away until 14 November 2026.", new ReturnedMail.AutoReply { Evidence = "x" }, delivery);

        var machines = (await Inbox.ListAsync(new InboxQuery { Machines = true }, Stop)).Single();
        Assert.That(await Inbox.ListAsync(null, 10, Stop), Is.Empty);
        Assert.That((machines.Kind, machines.Absence!.Day, machines.Absence.IsReturn, machines.IssueSlug), Is.EqualTo(("auto-reply", new DateOnly(2026, 11, 14), false, "spring")));
        Assert.That(await Inbox.CountAsync(Stop), Is.EqualTo(new InboxCounts(0, 0, 1, 1)));
    }

    [Test, SetCulture("th-TH")]
    public async Task The_day_of_return_is_no_matter_of_the_machines_calendar()
    {
        await ReplyAsync("ida@harbour.example", "Out of office", "I am back on 14 November 2026.", new ReturnedMail.AutoReply { Evidence = "x" });

        var absence = (await Inbox.ListAsync(new InboxQuery { Machines = true }, Stop)).Single().Absence!;
        Assert.That((absence.Day, absence.IsReturn), Is.EqualTo((new DateOnly(2026, 11, 14), true)));
        Assert.That((await Mails.ListAsync(new MailFilter(), 10, Stop)).Single().Reading.Outcome, Is.EqualTo("set aside; back on 2026-11-14"));
    }

    [TestCase("lund", 1)]
    [TestCase("LUND gates", 1)]
    [TestCase("Zoe", 1, Description = "found without its accent")]
    [TestCase("100%", 1)]
    [TestCase("100_", 0)]
    [TestCase("\\", 0)]
    [TestCase("quoted", 0)]
    [TestCase("gates walls", 0)]
    public async Task Every_word_has_to_be_in_what_was_written(string words, int found)
    {
        await ReplyAsync("Ida Lund <ida@harbour.example>", "Hedges", "More on gates, please. I am 100% for it.\n\n> quoted\n");
        await ReplyAsync("Zoë <zoe@readers.example>", "Walls", "Nothing.");

        Assert.That(await Inbox.ListAsync(new InboxQuery { Words = words }, Stop), Has.Count.EqualTo(found));
    }

    [Test]
    public async Task Tags_states_and_issues_narrow_the_list_and_are_counted()
    {
        var delivery = await DeliveryAsync("ida@harbour.example", "spring");
        await ReplyAsync("ida@harbour.example", "Re: Spring", "one", delivery: delivery);
        await ReplyAsync("ann@readers.example", "Hello", "two");
        var (hello, spring) = ((await Inbox.ListAsync(null, 10, Stop))[0].Id, (await Inbox.ListAsync(null, 10, Stop))[1].Id);

        await Inbox.TagAsync(spring, "praise", on: true, Stop);
        await Inbox.TagAsync(spring, "praise", on: true, Stop);
        await Inbox.TagAsync(spring, "reprint", on: true, Stop);
        await Inbox.TagAsync(spring, "reprint", on: false, Stop);
        await Inbox.MarkAsync(hello, "read", Stop);

        Assert.That(await IdsAsync(new() { Tag = "praise" }), Is.EqualTo(new[] { spring }));
        Assert.That(await IdsAsync(new() { State = "read" }), Is.EqualTo(new[] { hello }));
        Assert.That(await IdsAsync(new() { Issue = "spring" }), Is.EqualTo(new[] { spring }));
        Assert.That(await IdsAsync(new() { Skip = 1 }), Is.EqualTo(new[] { spring }));
        Assert.That((await Inbox.FindAsync(spring, Stop))!.Tags, Is.EqualTo(new[] { "praise" }));
        Assert.That(await Inbox.TagsAsync(Stop), Is.EqualTo(new[] { ("praise", 1L) }));
        Assert.That(await Inbox.IssuesAsync(Stop), Is.EqualTo(new[] { new InboxIssue("spring", "Spring", 1, 1, 1, 1), new InboxIssue("", "", 1, 0, 1, 1) }));
        Assert.That(await Inbox.OfEditionAsync(delivery.Edition, Stop), Is.EqualTo(new InboxCounts(1, 0, 0, 0)));
    }

    [TestCase("unread")]
    [TestCase("read")]
    public async Task A_mark_can_be_taken_back_once(string before)
    {
        await ReplyAsync("ida@harbour.example", "Hedges", "one");
        var id = (await Inbox.ListAsync(null, 1, Stop)).Single().Id;
        if (before == "read")
            await Inbox.MarkAsync(id, before, Stop);
        await Inbox.MarkAsync(id, "done", Stop);
        await Inbox.MarkAsync(id, "done", Stop); // pressed twice

        var undone = await Inbox.UnmarkAsync(id, Stop);
        var again = await Inbox.UnmarkAsync(id, Stop);

        Assert.That((undone, again, (await Inbox.FindAsync(id, Stop))!.State), Is.EqualTo((true, false, before)));
    }

    [Test]
    public async Task An_answer_is_sent_by_one_of_eight_workers()
    {
        await ReplyAsync("ida@harbour.example", "Hedges", "one");
        var reply = (await Inbox.ThreadAsync((await Inbox.ListAsync(null, 1, Stop)).Single().Id, Stop)).Single();
        await new AnswerStore(Database).AddAsync(new("k", reply, reply.AnswerTo!, "Re: Hedges", "Thanks", "answer@example.org", []), Now, Stop);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new AnswerStore(OpenAnother()).ClaimAsync(Now, TimeSpan.FromMinutes(5), Stop))));

        Assert.That(claims.Count(claim => claim is not null), Is.EqualTo(1));
    }

    [Test]
    public async Task A_key_that_comes_again_is_the_same_answer_only_with_the_same_words_to_the_same()
    {
        await ReplyAsync("ida@harbour.example", "Hedges", "one");
        var reply = (await Inbox.ThreadAsync((await Inbox.ListAsync(null, 1, Stop)).Single().Id, Stop)).Single();
        var first = new NewAnswer("k", reply, reply.AnswerTo!, "Re: Hedges", "Thanks\0", "answer@example.org", []);
        var answers = new AnswerStore(Database);

        var added = new[] { await answers.AddAsync(first, Now, Stop), await answers.AddAsync(first, Now, Stop), await answers.AddAsync(first with { Body = "Other" }, Now, Stop), await answers.AddAsync(first with { To = EmailAddress.Read("ann@readers.example")! }, Now, Stop) };

        Assert.That(added.Select(each => each.IsTheSame), Is.EqualTo(new[] { true, true, false, false }));
        Assert.That(added.Select(each => each.Id).Distinct().Count(), Is.EqualTo(1));
    }

    private async Task<long[]> IdsAsync(InboxQuery query) => [.. (await Inbox.ListAsync(query, Stop)).Select(thread => thread.Id)];

    private async Task ReplyAsync(string from, string subject, string words, ReturnedMail? mail = null, DeliveryId? delivery = null, string? id = null, string extra = "")
    {
        var raw = Encoding.UTF8.GetBytes($"From: {from}\nSubject: {subject}\nMessage-ID: <{id ?? $"m{++mails}@mail.example"}>\nDate: Mon, 02 Nov 2026 07:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n{extra}\n{words}\n");
        var at = Now.AddMinutes(++mails);
        var kept = await Mails.KeepAsync(raw, "test", at, Stop);
        var traced = new TracedMail(mail ?? new ReturnedMail.Reply { Evidence = "x" }, delivery);
        await Mails.HandleAsync(kept.Id, traced, ReceivedReply.Read(raw, Some.OurAddresses()), history => Consequence.Of(traced, history), at, Stop);
    }

    /// <summary>An issue that this reader got.</summary>
    private async Task<DeliveryId> DeliveryAsync(string address, string slug)
    {
        var subscriber = ((Addition.Added)await new SubscriberStore(Database, Some.ErasedAddresses()).AddAsync(new Profile(EmailAddress.Read(address)!), new(SubscriptionState.Active, "test", Actor.Import, Now), Stop)).Id;
        var (edition, _) = await new EditionStore(Database).AddAsync(Some.RenderedIssue(slug) with { Title = char.ToUpperInvariant(slug[0]) + slug[1..] }, "", Now, Now, Stop);
        await using var connection = await Database.OpenAsync(Stop);
        await connection.ExecuteAsync("insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) values (@e, @s, 'sent', 0, 0)", new { e = edition.Id.Value, s = subscriber.Value });
        return new(edition.Id, subscriber);
    }
}
