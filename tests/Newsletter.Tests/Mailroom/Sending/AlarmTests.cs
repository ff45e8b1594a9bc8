using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>An edition that does more harm than good stops by itself and tells the editor why.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class AlarmTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly SendingOptions Options = new() { PauseAtBounces = 0.1, PauseAtComplaints = 0.05, ThresholdAfter = 20, RetryDelays = [TimeSpan.FromMilliseconds(1)] };

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task Refusals_beyond_the_share_stop_it_while_it_goes_out_and_the_editor_gets_one_mail()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true, Script = moment => moment.Stage is LoopbackStage.Recipient && moment.To.StartsWith("reader1", StringComparison.Ordinal) ? new LoopbackAnswer.Reply("550 5.7.1 not you") : null };
        await House.SubscribeAsync(100); // reader1 and reader10 to reader19
        var edition = await House.StartAsync();
        var relay = SendingHome.Relay(server, connections: 1);

        var stopped = await House.Dispatcher(Options, relay).SendUntilSettledAsync(edition, null, Stop);
        var tally = await House.TallyAsync(edition);
        await Alarms(relay).TellAsync(Stop);
        await Alarms(relay).TellAsync(Stop);
        await House.Editions.GoOnAsync(edition, byPerson: true, DateTimeOffset.UtcNow, Stop);
        var ended = await House.Dispatcher(Options, relay).SendUntilSettledAsync(edition, null, Stop);

        Assert.That((stopped.State, stopped.ByPerson), Is.EqualTo((EditionState.Paused, false)));
        Assert.That(stopped.StateReason, Does.Contain("letters failed or came back").And.Contain("Sending:PauseAtBounces"));
        Assert.That(tally.Waiting, Is.GreaterThan(50), "it stopped at once, not at the end");
        var mail = server.Letters.Where(letter => letter.To.Single() == "editor@example.org").ToList();
        Assert.That(mail, Has.Count.EqualTo(1));
        var text = System.Text.Encoding.UTF8.GetString(mail[0].Bytes.Span);
        Assert.That(text, Does.Contain($"Subject: Edition {edition.Value} has stopped").And.Contain(stopped.StateReason.Split('(')[0].Trim()).And.Contain($"newsletter resume {edition.Value}"));
        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 89, Failed: 11))), "who lets it go on has seen it");
    }

    [TestCase("bounce", 3, true)]
    [TestCase("bounce", 2, false)]
    [TestCase("complaint", 2, true)]
    [TestCase("complaint", 1, false)]
    [TestCase("auto-reply", 9, false)]
    public async Task What_comes_back_while_it_runs_counts_as_well(string kind, int count, bool stops)
    {
        await using var server = new LoopbackSmtp();
        var people = await House.SubscribeAsync(40);
        var edition = await House.StartAsync();
        await SendAsync(edition, 24);
        foreach (var (person, i) in people.Take(count).SelectMany(person => new[] { person, person }).Select((person, i) => (person, i))) // each twice: it is one reader
            await ComeBackAsync(edition, person, kind, i);

        var stopped = await Alarms(SendingHome.Relay(server)).LookAsync(edition, Stop);

        Assert.That((stopped, (await House.EditionAsync(edition)).State), Is.EqualTo((stops, stops ? EditionState.Paused : EditionState.Running)));
    }

    [Test]
    public async Task Two_that_look_at_once_stop_it_once_and_a_relay_that_is_away_gets_the_mail_later()
    {
        await using var server = new LoopbackSmtp { Script = _ => new LoopbackAnswer.Reply("451 4.3.0 not now") };
        var people = await House.SubscribeAsync(40);
        var edition = await House.StartAsync();
        await SendAsync(edition, 24);
        for (var i = 0; i < 5; i++)
            await ComeBackAsync(edition, people[i], "bounce", i);
        var relay = SendingHome.Relay(server);

        var stopped = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Alarms(relay).LookAsync(edition, Stop))));
        await Alarms(relay).TellAsync(Stop);
        var due = await ScalarAsync("select count(*) from notices where due is not null and sent_at is null");

        Assert.That((stopped.Count(each => each), due, server.Letters.Count), Is.EqualTo((1, 1L, 0)));
    }

    [Test]
    public async Task The_mail_goes_by_the_relays_of_our_domain_in_turn_those_that_stand_by_last()
    {
        await using var theirs = new LoopbackSmtp();
        await using var spare = new LoopbackSmtp();
        await using var away = new LoopbackSmtp { Script = _ => new LoopbackAnswer.Reply("451 4.3.0 not now") };
        await using var ours = new LoopbackSmtp();
        var people = await House.SubscribeAsync(40);
        var edition = await House.StartAsync();
        await SendAsync(edition, 24);
        for (var i = 0; i < 5; i++)
            await ComeBackAsync(edition, people[i], "bounce", i);
        var alarms = Alarms(Relay(theirs, "elsewhere.example"), Relay(spare, "example.org", weight: 0), Relay(away, "example.org"), Relay(ours, "example.org"));

        await alarms.LookAsync(edition, Stop);
        await alarms.TellAsync(Stop);

        Assert.That((theirs.Letters.Count, spare.Letters.Count, ours.Letters.Count), Is.EqualTo((0, 0, 1)));
        Assert.That(away.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task A_rehearsal_leaves_the_mails_about_real_editions_to_those_who_send_them()
    {
        await using var server = new LoopbackSmtp();
        var edition = await House.StartAsync();
        await House.Editions.AlarmAsync(edition, new("bounces", "too many"), "It has stopped", "too many", DateTimeOffset.UtcNow, Stop);
        var relay = SendingHome.Relay(server);

        await Alarms("tester@example.org", relay).TellAsync(Stop);
        var rehearsed = server.Letters.Count;
        await Alarms(relay).TellAsync(Stop);

        Assert.That((rehearsed, server.Letters.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_mail_to_the_editor_is_said_in_the_log_once_also_where_no_relay_takes_it()
    {
        await using var server = new LoopbackSmtp { Script = _ => new LoopbackAnswer.Reply("451 4.3.0 not now") };
        var edition = await House.StartAsync();
        await House.Editions.AlarmAsync(edition, new("bounces", "too many"), "Incident 1: many readers are refused alike", "too many", DateTimeOffset.UtcNow, Stop);
        var log = new Said();
        var alarms = new EditionAlarms(House.Desk(Options, SendingHome.Relay(server)), new NoteWriter(Some.Publication(), DkimSeal.None), Some.Publication(), log);

        await alarms.TellAsync(Stop);
        await ExecuteAsync("update notices set due = 1");
        await alarms.TellAsync(Stop);

        Assert.That(log, Is.EqualTo(new[] { $"Warning: Incident 1: many readers are refused alike (edition {edition.Value}); the editor gets a mail with what can be done" }));
    }

    private sealed class Said : List<string>, ILogger<EditionAlarms>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> words) => Add($"{level}: {words(state, exception)}");
    }

    private async Task SendAsync(EditionId edition, int count)
    {
        var now = DateTimeOffset.UtcNow;
        var claims = await House.Deliveries.ClaimAsync(edition, "worker", now.AddMinutes(2), now, count, Stop);
        await House.Deliveries.RecordAsync([.. claims.Select(claim => new Newsletter.Storage.AttemptResult(claim, new SmtpOutcome.Accepted("ok"), new(DeliveryState.Sent), now, ""))]);
    }

    private Task ComeBackAsync(EditionId edition, SubscriberId person, string kind, int i) => ExecuteAsync($"""
        insert into returned_mails (content_hash, raw, size, source, received_at, kind, edition_id, subscriber_id, handled_at)
        values ('{kind}{i}', @raw, 1, 'test', 1, '{kind}', {edition.Value}, {person.Value}, 1)
        """);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.OpenAsync(Stop);
        await connection.ExecuteAsync(sql, new { raw = new byte[] { 1 } });
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = await Database.OpenAsync(Stop);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private static SmtpTransport Relay(LoopbackSmtp server, string senders, int weight = 1) =>
        new(new() { Host = "127.0.0.1", Port = server.Port, Security = RelaySecurity.None, SenderDomains = senders, Weight = weight });

    private EditionAlarms Alarms(params ITransport[] relays) => Alarms("", relays);

    private EditionAlarms Alarms(string sandbox, params ITransport[] relays) =>
        new(House.Desk(sandbox.Length > 0 ? new() { Sandbox = sandbox } : Options, relays), new NoteWriter(Some.Publication(), DkimSeal.None), Some.Publication(), NullLogger<EditionAlarms>.Instance);
}
