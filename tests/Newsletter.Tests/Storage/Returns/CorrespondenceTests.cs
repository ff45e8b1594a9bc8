using System.Text;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;
using Newsletter.Returns;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Returns;

/// <summary>Of who is erased no word stays that they wrote, and none that was written to them.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class CorrespondenceTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
    private static readonly EditionId Edition = new(12);
    private static readonly CancellationToken Stop = CancellationToken.None;

    /// <summary>Every column in which somebody's words or address may stand.</summary>
    private static readonly string[] Words =
    [
        "select sender || sender_name || subject || body || written || search || answer_to || message_id || attachments || refs from replies", "select subject from threads",
        "select address || subject || body || search || refs from answers", "select verdict || evidence || outcome || error || sender_words from returned_mails",
        "select verdict || evidence || outcome from returned_verdicts", "select answers from farewells", "select tag from thread_tags",
    ];

    private ReturnedMailStore Mails => new(Database);
    private InboxStore Inbox => new(Database);
    private SubscriberStore Subscribers => new(Database, Some.ErasedAddresses());

    [Test]
    public async Task What_they_wrote_and_were_answered_is_gone_and_what_came_back_adds_up()
    {
        var (ida, ann) = (await AddAsync("ida@harbour.example"), await AddAsync("ann@readers.example"));
        var letter = Mail("Ida@harbour.example", "my lapwings");
        var proven = await TakeAsync(letter, ida);
        await TakeAsync(Mail("ida@harbour.example", "more lapwings, without a seal"), null);
        var thread = (await Inbox.ListAsync(null, 10, Stop))[^1];
        await Inbox.TagAsync(thread.Id, "lapwings", on: true, Stop);
        var reply = (await Inbox.ThreadAsync(thread.Id, Stop))[0];
        await new AnswerStore(Database).AddAsync(new("k", reply, reply.AnswerTo!, "Re: lapwings", "Lapwings indeed", "answer@example.org", []), Now, Stop);
        await TakeAsync(Mail("ann@readers.example", "gates"), ann);
        await BounceAsync("ida@harbour.example");

        await Subscribers.EraseAsync(ida.Subscriber, "asked for", Actor.Editor, Now, Stop);

        var left = (await Task.WhenAll(Words.Select(ReadAsync))).SelectMany(each => each).ToList();
        Assert.That(left, Has.None.Contains("ida").IgnoreCase.And.None.Contains("lapwings").IgnoreCase);
        Assert.That((await Inbox.ListAsync("all", 10, Stop)).Select(each => each.Address), Is.EqualTo(new[] { "ann@readers.example" }));
        Assert.That(await Mails.RawAsync(proven, Stop), Is.Null);
        Assert.That(await Mails.CountAsync(Edition, Stop), Is.EqualTo(new Dictionary<string, long> { ["reply"] = 2 }));
        Assert.That(await Mails.KeepAsync(letter, null, "again", Now, Stop), Is.EqualTo(new KeptMail(proven, IsNew: false)));
        Assert.That(await Mails.UnhandledAsync(Stop), Is.Empty);
    }

    [Test]
    public async Task Of_a_conversation_of_others_only_their_mails_go()
    {
        var (ida, ann) = (await AddAsync("ida@harbour.example"), await AddAsync("ann@readers.example"));
        await TakeAsync(Mail("ida@harbour.example", "lapwings"), ann);
        await TakeAsync(Mail("ann@readers.example", "gates"), ann);

        await Subscribers.EraseAsync(ida.Subscriber, "asked for", Actor.Editor, Now, Stop);

        var thread = (await Inbox.ListAsync(null, 10, Stop)).Single();
        Assert.That((thread.Subject, thread.Count), Is.EqualTo(("gates", 1L)));
    }

    [Test]
    public async Task Whichever_way_their_domain_was_written_it_is_theirs()
    {
        var ida = await AddAsync("ida@möwen.example");
        await TakeAsync(Mail("ida@möwen.example", "lapwings"), null);
        await TakeAsync(Mail("ida@xn--mwen-5qa.example", "more lapwings"), null);
        await BounceAsync("ida@xn--mwen-5qa.example");

        await Subscribers.EraseAsync(ida.Subscriber, "asked for", Actor.Editor, Now, Stop);

        var left = (await Task.WhenAll(Words.Select(ReadAsync))).SelectMany(each => each).ToList();
        Assert.That(left, Has.None.Contains("ida").IgnoreCase.And.None.Contains("lapwings").IgnoreCase);
    }

    [Test]
    public async Task A_mail_that_is_handled_while_they_are_erased_goes_too()
    {
        var ida = await AddAsync("ida@harbour.example");
        await TakeAsync(Mail("ida@harbour.example", "lapwings"), ida);
        var raw = Mail("ida@harbour.example", "more lapwings");
        var mail = await Mails.KeepAsync(raw, "test", Now, Stop);
        Task<ChangeOutcome>? erasing = null;

        await Mails.HandleAsync(mail.Id, new(new ReturnedMail.Reply { Evidence = "lapwings" }, ida), ReceivedReply.Read(raw), _ =>
        {
            erasing ??= Task.Run(() => Subscribers.EraseAsync(ida.Subscriber, "asked for", Actor.Editor, Now, Stop));
            erasing.Wait(TimeSpan.FromSeconds(1), Stop); // it would be done by then, did it not wait for us
            return new Consequence.ShowEditor(Forward: true);
        }, Now, Stop);

        Assert.That(await erasing!, Is.EqualTo(ChangeOutcome.Changed));
        var left = (await Task.WhenAll(Words.Select(ReadAsync))).SelectMany(each => each).ToList();
        Assert.That(left, Has.None.Contains("ida").IgnoreCase.And.None.Contains("lapwings").IgnoreCase);
    }

    [Test]
    public async Task The_numbers_of_what_is_gone_are_given_to_nothing_else()
    {
        var (ida, ann) = (await AddAsync("ida@harbour.example"), await AddAsync("ann@readers.example"));
        await TakeAsync(Mail("ida@harbour.example", "lapwings"), ida);
        var gone = (await Inbox.ListAsync(null, 10, Stop)).Single().Id;
        var reply = (await Inbox.ThreadAsync(gone, Stop)).Single();
        var answer = await AnswerAsync("k", reply);
        await Subscribers.EraseAsync(ida.Subscriber, "asked for", Actor.Editor, Now, Stop);

        await TakeAsync(Mail("ann@readers.example", "gates"), ann);

        var thread = (await Inbox.ListAsync(null, 10, Stop)).Single().Id;
        var next = (await Inbox.ThreadAsync(thread, Stop)).Single();
        Assert.That((thread > gone, next.Id > reply.Id, await AnswerAsync("l", next) > answer), Is.EqualTo((true, true, true)), "sealed addresses name them");
    }

    private async Task<long> AnswerAsync(string key, InboxReply to) =>
        (await new AnswerStore(Database).AddAsync(new(key, to, to.AnswerTo!, "Re: lapwings", "Indeed", $"{key}@example.org", []), Now, Stop)).Id;

    private async Task<IEnumerable<string>> ReadAsync(string sql) => await Database.ReadAsync(connection => connection.QueryAsync<string>(sql), Stop);

    private static byte[] Mail(string from, string words) => Encoding.UTF8.GetBytes($"From: Somebody <{from}>\nSubject: {words}\nMessage-ID: <{words.Replace(' ', '.')}@x.example>\n\n{words}\n");

    private async Task<long> TakeAsync(byte[] raw, DeliveryId? delivery)
    {
        var id = (await Mails.KeepAsync(raw, "test", Now, Stop)).Id;
        await Mails.HandleAsync(id, new(new ReturnedMail.Reply { Evidence = Encoding.UTF8.GetString(raw) }, delivery), ReceivedReply.Read(raw), _ => new Consequence.ShowEditor(Forward: true), Now, Stop);
        return id;
    }

    /// <summary>A report without a seal of ours.</summary>
    private async Task BounceAsync(string about)
    {
        var raw = Mail("MAILER-DAEMON@mx.example", $"about {about.Split('@')[0]}");
        var mail = new ReturnedMail.Bounce([new(about, EnhancedStatus.Read("5.1.1"), BounceHome.Dead)], BounceHome.Dead) { Evidence = $"{about}: no such user" };
        await Mails.HandleAsync((await Mails.KeepAsync(raw, "test", Now, Stop)).Id, new(mail, null), ReceivedReply.Read(raw), _ => new Consequence.ShowEditor(Forward: false), Now, Stop);
    }

    private async Task<DeliveryId> AddAsync(string address) => new(Edition, ((Addition.Added)await Subscribers.AddAsync(
        new Profile(EmailAddress.Read(address)!), new(SubscriptionState.Active, "test", Actor.Import, Now), Stop)).Id);
}
