using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Two subjects on a sample, the winner to the others.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class TrialTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [TestCase(0, "Hedges")] // nothing tells them apart
    [TestCase(8, "Thickets")]
    public async Task The_sample_tries_both_and_the_others_get_what_its_readers_chose(int replies, string winner)
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };
        await House.SubscribeAsync(40);
        var options = Options(TimeSpan.Zero);
        var edition = await StartAsync(options);

        var tried = await SendAsync(server, options, edition);
        var sample = Subjects(server);
        foreach (var reader in (await VariantsAsync(edition)).Where(row => row.Variant == "b").Take(replies))
            await ReplyAsync(edition, reader.Subscriber);
        await Editions(options).StartDueAsync(Stop);
        var ended = await SendAsync(server, options, edition);

        Assert.That((tried.State, tried.WaitsForWinner, tried.StateReason), Is.EqualTo((EditionState.Paused, true, "two subjects are tried on 20 readers, the others wait for the winner")));
        Assert.That((sample.Count(subject => subject == "Hedges"), sample.Count(subject => subject == "Thickets")), Is.EqualTo((10, 10)));
        Assert.That(Subjects(server).Skip(20), Has.All.EqualTo(winner));
        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 40))));
        Assert.That((await VariantsAsync(edition)).GroupBy(row => row.Variant).ToDictionary(group => group.Key, group => group.Count()),
            Is.EqualTo(winner is "Hedges" ? new Dictionary<string, int> { ["a"] = 30, ["b"] = 10 } : new Dictionary<string, int> { ["a"] = 10, ["b"] = 30 }), "the ledger knows who got which");
    }

    [Test]
    public async Task A_person_chooses_and_the_others_get_it_at_once_and_afterwards_there_is_nothing_to_choose()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };
        await House.SubscribeAsync(10);
        var options = Options(wait: null);
        var edition = await StartAsync(options);
        await SendAsync(server, options, edition);
        var byClock = await Editions(options).StartDueAsync(Stop);

        var chosen = await Editions(options).ChooseAsync(edition, SubjectTrial.B, Stop);
        await SendAsync(server, options, edition);
        var late = await Editions(options).ChooseAsync(edition, SubjectTrial.A, Stop);

        Assert.That((byClock.Count, chosen, late), Is.EqualTo((0, true, false)));
        Assert.That(Subjects(server).Count(subject => subject == "Thickets"), Is.EqualTo(7), "three of the sample and four others");
    }

    [Test]
    public async Task Who_chooses_before_the_sample_is_out_makes_nobody_wait()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };
        await House.SubscribeAsync(10);
        var options = Options(wait: null);
        var edition = await StartAsync(options);

        var chosen = await Editions(options).ChooseAsync(edition, SubjectTrial.B, Stop);
        var ended = await SendAsync(server, options, edition);

        Assert.That((chosen, ended.State, ended.IsBetweenWaves), Is.EqualTo((true, EditionState.Complete, false)));
        Assert.That(Subjects(server).Count(subject => subject == "Thickets"), Is.EqualTo(7), "three of the sample and four others");
    }

    [Test]
    public async Task Where_nothing_of_the_sample_was_accepted_a_person_decides_whatever_was_chosen()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Recipient ? new LoopbackAnswer.Reply("550 5.7.1 blocked") : null };
        await House.SubscribeAsync(10);
        var options = Options(TimeSpan.Zero);
        var edition = await StartAsync(options);
        await Editions(options).ChooseAsync(edition, SubjectTrial.B, Stop);

        var ended = await SendAsync(server, options, edition);

        Assert.That((ended.State, ended.GoesOnAt, (await House.TallyAsync(edition)).Waiting), Is.EqualTo((EditionState.Paused, (DateTimeOffset?)null, 4L)));
    }

    [Test]
    public async Task A_seed_group_goes_before_the_sample_and_gets_the_first_subject()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };
        await House.SubscribeAsync(11);
        var options = Options(TimeSpan.Zero, "reader0@example.com");
        var edition = await StartAsync(options);

        var counts = new List<int>();
        for (var wave = 0; wave < 3; wave++)
        {
            await SendAsync(server, options, edition);
            counts.Add(server.Letters.Count);
            await Editions(options).StartDueAsync(Stop);
        }

        Assert.That(counts, Is.EqualTo(new[] { 1, 7, 11 }));
        Assert.That(Subjects(server)[0], Is.EqualTo("Hedges"));
        Assert.That(server.Letters.Select(letter => letter.To.Single()).Distinct().Count(), Is.EqualTo(11));
    }

    [Test]
    public async Task A_letter_that_is_tried_again_keeps_its_subject()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true, Script = moment => moment.Stage is LoopbackStage.Recipient && moment.Transaction % 2 == 1 ? new LoopbackAnswer.Reply("452 4.2.2 mailbox full") : null };
        await House.SubscribeAsync(8);
        var options = Options(TimeSpan.Zero);
        var edition = await StartAsync(options);

        await SendAsync(server, options, edition);
        server.Script = _ => null;
        await SendAsync(server, options, edition);

        var variants = (await VariantsAsync(edition)).Where(row => row.Variant.Length > 0).ToDictionary(row => row.Subscriber, row => row.Variant == "a" ? "Hedges" : "Thickets");
        foreach (var letter in server.Letters)
            Assert.That(Subject(letter), Is.EqualTo(variants[House.Ours.ReadMessageId(letter.MessageId)!.Value.Subscriber.Value]));
    }

    private static List<string> Subjects(LoopbackSmtp server) => [.. server.Letters.Select(Subject)];

    private static string Subject(ReceivedLetter letter) => MimeMessage.Load(new MemoryStream(letter.Bytes.ToArray())).Subject!;

    private Task<Edition> SendAsync(LoopbackSmtp server, SendingOptions options, EditionId edition) =>
        House.Dispatcher(options, SendingHome.Relay(server)).SendUntilSettledAsync(edition, null, Stop);

    private async Task<EditionId> StartAsync(SendingOptions options)
    {
        var (edition, _) = await Editions(options).ScheduleAsync(Some.RenderedIssue() with { SubjectB = Template.Of("Thickets") }, DateTimeOffset.UtcNow, Stop);
        await Editions(options).StartNowAsync(edition.Id, Stop);
        return edition.Id;
    }

    private async Task<IReadOnlyList<(long Subscriber, string Variant)>> VariantsAsync(EditionId edition) =>
        await new LedgerStore(Database).ListAsync(edition, new(), Stop).Select(line => (line.Subscriber.Value, line.Subject)).ToListAsync();

    private Task<int> ReplyAsync(EditionId edition, long subscriber) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync($"""
        insert into returned_mails (content_hash, raw, size, source, received_at, kind, edition_id, subscriber_id, handled_at)
        values ('reply {subscriber}', @raw, 1, 'test', 1, 'reply', {edition.Value}, {subscriber}, 1)
        """, new { raw = new byte[] { 1 } }, transaction), Stop);

    private Editions Editions(SendingOptions options) => new(House.Editions, House.Deliveries, new(new(), options), Some.Acts(Database, TimeProvider.System), TimeProvider.System, NullLogger<Editions>.Instance);

    private static SendingOptions Options(TimeSpan? wait, params string[] seed) =>
        new() { Seed = seed, SeedHold = TimeSpan.Zero, SampleShare = 0.5, SampleWait = wait, RetryDelays = [TimeSpan.FromMilliseconds(1)] };
}
