using System.Data.Common;
using Dapper;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>What goes wrong in the middle of an edition: lost lines, stops, other processes, readers who leave, the database.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class DispatcherFaultTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task A_line_lost_before_the_letter_was_given_makes_no_second_copy()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Data, Connection: 1, Transaction: 1 } ? new LoopbackAnswer.HangUp() : null };
        await House.SubscribeAsync(10);
        var edition = await House.StartAsync();

        var ended = await House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, connections: 1)).SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That((ended.State, server.Letters.Count), Is.EqualTo((EditionState.Complete, 10)));
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(10));
    }

    [Test]
    public async Task A_letter_in_doubt_goes_again_under_the_same_message_id()
    {
        await using var server = LosingTheFirstReply();
        await House.SubscribeAsync(10);
        var edition = await House.StartAsync();

        var ended = await House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, connections: 1)).SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 10))));
        Assert.That(server.Letters.CountBy(letter => letter.MessageId).Select(copies => copies.Value).Order(), Is.EqualTo(new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 2 }));
    }

    [Test]
    public async Task A_letter_in_doubt_is_held_where_so_configured_until_a_person_says_retry()
    {
        await using var server = LosingTheFirstReply();
        await House.SubscribeAsync(10);
        var edition = await House.StartAsync();
        var dispatcher = House.Dispatcher(SendingHome.Quick(InDoubtPolicy.Hold), SendingHome.Relay(server, connections: 1));

        var left = await dispatcher.SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);
        var tally = await House.TallyAsync(edition);
        var listed = await House.Deliveries.ListAsync(edition, DeliveryState.InDoubt, new(0), 9, Stop);
        await House.Deliveries.RetryAsync(edition, new(DeliveryState.InDoubt), DateTimeOffset.UtcNow, Stop);
        var ended = await dispatcher.SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That((left.State, tally, listed.Count), Is.EqualTo((EditionState.Running, new Tally(Sent: 9, InDoubt: 1), 1)));
        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 10))));
    }

    [Test]
    public async Task A_server_that_stalls_is_left_after_the_timeout_and_the_letter_goes_over_another_line()
    {
        await House.SubscribeAsync(10);
        await TimeOut.TryAsync(TimeSpan.FromMilliseconds(300), async timeout =>
        {
            await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Recipient, Connection: 1, Transaction: 3 } ? new LoopbackAnswer.Stall() : null };
            var edition = await House.StartAsync(timeout < TimeSpan.FromSeconds(1) ? "0001-brief" : "0002-long");
            var relay = SendingHome.Relay(server, connections: 1, timeout: timeout);

            var ended = await House.Dispatcher(SendingHome.Quick(), relay).SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

            Assert.That((ended.State, server.Letters.Count, server.Connections), Is.EqualTo((EditionState.Complete, 10, 2)));
        });
    }

    [Test]
    public async Task A_pause_from_another_process_stops_after_the_letters_in_hand_and_resume_completes()
    {
        var said = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = WaitsAfter(3, said.Task) };
        await House.SubscribeAsync(200);
        var edition = await House.StartAsync();
        var dispatcher = House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, rate: 20));

        var sending = dispatcher.SendUntilSettledAsync(edition, null, Stop);
        await server.WaitForLettersAsync(3);
        await House.Editions.StepAsync(edition, EditionState.Paused, "wrong link", DateTimeOffset.UtcNow, Stop);
        said.SetResult();
        var paused = await sending.WaitAsync(Patience);
        var tally = await House.TallyAsync(edition);
        await House.Editions.StepAsync(edition, EditionState.Running, "", DateTimeOffset.UtcNow, Stop);
        var ended = await House.Dispatcher(server).SendUntilSettledAsync(edition, null, Stop);

        Assert.That((paused.State, paused.StateReason), Is.EqualTo((EditionState.Paused, "wrong link")));
        Assert.That(tally, Is.EqualTo(new Tally(Waiting: 200 - tally.Sent, Sent: tally.Sent)));
        Assert.That(tally.Sent, Is.InRange(3, 100));
        Assert.That((ended.State, server.Letters.Count), Is.EqualTo((EditionState.Complete, 200)));
    }

    [Test]
    public async Task A_stop_gives_back_what_is_claimed_and_the_next_run_sends_the_rest_once()
    {
        var said = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = WaitsAfter(3, said.Task) };
        await House.SubscribeAsync(150);
        var edition = await House.StartAsync();
        using var ctrlC = new CancellationTokenSource();

        var sending = House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, rate: 20)).SendUntilSettledAsync(edition, null, ctrlC.Token);
        await server.WaitForLettersAsync(3);
        await ctrlC.CancelAsync();
        said.SetResult();
        Assert.That(async () => await sending.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
        var tally = await House.TallyAsync(edition);
        await House.Dispatcher(server).SendUntilSettledAsync(edition, null, Stop);

        Assert.That(tally, Is.EqualTo(new Tally(Waiting: 150 - tally.Sent, Sent: tally.Sent)));
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(server.Letters.Count).And.EqualTo(150));
    }

    [Test]
    public async Task A_cancel_ends_it_and_nobody_else_is_written_to()
    {
        var said = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = WaitsAfter(3, said.Task) };
        await House.SubscribeAsync(150);
        var edition = await House.StartAsync();

        var sending = House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, rate: 20)).SendUntilSettledAsync(edition, null, Stop);
        await server.WaitForLettersAsync(3);
        await House.Editions.StepAsync(edition, EditionState.Cancelled, "", DateTimeOffset.UtcNow, Stop);
        said.SetResult();
        var ended = await sending.WaitAsync(Patience);

        Assert.That((ended.State, (await House.TallyAsync(edition)).Claimed), Is.EqualTo((EditionState.Cancelled, 0L)));
        Assert.That(server.Letters.Count, Is.EqualTo((await House.TallyAsync(edition)).Sent).And.LessThan(150));
    }

    /// <summary>The letters wait, claimed, in the queue of a relay that is slow: the reader has time to leave.</summary>
    [Test]
    public async Task Who_leaves_while_the_letter_is_claimed_and_waits_for_its_turn_gets_none_and_is_skipped()
    {
        var left = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = WaitsAfter(2, left.Task) };
        var people = await House.SubscribeAsync(40);
        var edition = await House.StartAsync();

        var sending = House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, rate: 8)).SendUntilSettledAsync(edition, null, Stop);
        await server.WaitForLettersAsync(2);
        await House.LeaveAsync(people[39]);
        left.SetResult();
        var ended = await sending.WaitAsync(Patience);

        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 39, Skipped: 1))));
        Assert.That(server.Letters.SelectMany(letter => letter.To), Has.None.EqualTo("reader39@example.com"));
    }

    [Test]
    public async Task Three_processes_at_one_edition_write_to_nobody_twice()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(300);
        var edition = await House.StartAsync();

        var ended = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            new SendingHome(OpenAnother(), TimeProvider.System).Dispatcher(SendingHome.Quick(batch: 7), SendingHome.Relay(server)).SendUntilSettledAsync(edition, null, Stop)))).WaitAsync(Patience);

        Assert.That(ended.Select(one => one.State), Is.All.EqualTo(EditionState.Complete));
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(server.Letters.Count).And.EqualTo(300));
    }

    [Test]
    public async Task Two_editions_at_a_time_share_the_connections_of_one_relay()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(60);
        var first = await House.StartAsync("0001-first");
        var second = await House.StartAsync("0002-second");
        var dispatcher = House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, connections: 2));

        await Task.WhenAll(dispatcher.SendUntilSettledAsync(first, null, Stop), dispatcher.SendUntilSettledAsync(second, null, Stop)).WaitAsync(Patience);

        // The server may hear of a line's end after it has accepted the next one in its place.
        Assert.That((server.Letters.Count, server.MostAtOnce), Is.EqualTo((120, 2)).Or.EqualTo((120, 3)).Or.EqualTo((120, 4)));
    }

    [Test]
    public async Task Where_results_cannot_be_written_the_run_ends_with_that_fault_and_the_next_one_writes_them_first()
    {
        var renamed = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = WaitsAfter(5, renamed.Task) };
        await House.SubscribeAsync(150);
        var edition = await House.StartAsync();
        var dispatcher = House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, rate: 50));

        var sending = dispatcher.SendUntilSettledAsync(edition, null, Stop);
        await server.WaitForLettersAsync(5);
        await ExecuteAsync("alter table deliveries rename column reply_words to lost_words");
        renamed.SetResult();
        Assert.That(async () => await sending.WaitAsync(Patience), Throws.InstanceOf<DbException>().With.Message.Contains("reply_words"));
        await ExecuteAsync("alter table deliveries rename column lost_words to reply_words");
        var claimed = (await House.TallyAsync(edition)).Claimed;
        var ended = await dispatcher.SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That(claimed, Is.GreaterThan(0), "those whose results are kept until they can be written; the rest was given back");
        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 150))));
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(server.Letters.Count).And.EqualTo(150), "what was accepted is known");
    }

    [Test]
    public async Task A_letter_that_outlasts_its_claim_keeps_it_even_after_a_pause()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var house = new SendingHome(Database, clock);
        var answer = new TaskCompletionSource();
        await using var server = new LoopbackSmtp
        {
            Script = moment =>
            {
                if (moment.Stage is LoopbackStage.Letter)
                    answer.Task.Wait();
                return null;
            },
        };
        await house.SubscribeAsync(1);
        var edition = await house.StartAsync();

        var sending = house.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server)).SendDueAsync(edition, null, Stop);
        while (!server.Commands.Any(command => command.EndsWith("DATA", StringComparison.Ordinal)))
            await Task.Yield();
        await house.Editions.StepAsync(edition, EditionState.Paused, "", clock.GetUtcNow(), Stop);
        var ran = await TickAsync(clock, TimeSpan.FromMinutes(5), async () => await house.Deliveries.RecoverAsync(edition, "me", false, clock.GetUtcNow(), Stop));
        answer.SetResult();
        await sending.WaitAsync(Patience);

        Assert.That(ran, Is.All.Zero, "freed by another process");
        Assert.That(await house.TallyAsync(edition), Is.EqualTo(new Tally(Sent: 1)));
    }

    /// <summary>The relay has taken so many, and no more before this is over: however long it takes, it comes in the middle.</summary>
    private static Func<LoopbackMoment, LoopbackAnswer?> WaitsAfter(int letters, Task over) =>
        moment => moment.Stage is LoopbackStage.Sender && moment.Kept >= letters ? new LoopbackAnswer.WaitFor(over) : null;

    private static LoopbackSmtp LosingTheFirstReply() => new()
    {
        Script = moment => moment is { Stage: LoopbackStage.Letter, Connection: 1, Transaction: 1 } ? new LoopbackAnswer.KeepAndHangUp() : null,
    };

    /// <summary>Lets the fake clock go on, half a second at a time, each tick's work done before the next.</summary>
    private async Task<List<int>> TickAsync(Microsoft.Extensions.Time.Testing.FakeTimeProvider clock, TimeSpan span, Func<Task<int>> look)
    {
        var seen = new List<int>();
        for (var gone = TimeSpan.Zero; gone < span; gone += TimeSpan.FromSeconds(10))
        {
            var before = await ClaimedUntilAsync();
            clock.Advance(TimeSpan.FromSeconds(10));
            using var patience = new CancellationTokenSource(Patience);
            while (!patience.IsCancellationRequested && await ClaimedUntilAsync() == before && before - clock.GetUtcNow().ToUnixTimeMilliseconds() < 90_000)
                await Task.Yield();
            seen.Add(await look());
        }
        return seen;
    }

    private async Task<long> ClaimedUntilAsync()
    {
        await using var connection = await Database.OpenAsync(Stop);
        return await connection.ExecuteScalarAsync<long>("select coalesce(max(claimed_until), 0) from deliveries");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.OpenAsync(Stop);
        await connection.ExecuteAsync(sql);
    }
}
