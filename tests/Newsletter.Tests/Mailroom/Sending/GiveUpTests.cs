using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>How long "not now" is taken for an answer: three days from when the edition began to run last.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class GiveUpTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static SendingOptions Options(int batch) => new() { RetryDelays = [TimeSpan.FromMinutes(5)], InDoubt = InDoubtPolicy.Hold, BatchSize = batch };

    private static readonly Func<LoopbackMoment, LoopbackAnswer?> NotNow = moment => moment.Stage is LoopbackStage.Recipient ? new LoopbackAnswer.Reply("450 4.7.1 greylisted") : null;

    private readonly FakeTimeProvider clock = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    private SendingHome House => field ??= new(Database, clock);

    [Test]
    public async Task An_edition_that_merely_runs_gives_up_after_three_days()
    {
        await using var server = Greylisting();
        var edition = await StartAsync();

        clock.Advance(TimeSpan.FromDays(4));

        Assert.That(await SendAsync(edition, server), Is.EqualTo(new Tally(Failed: 1)));
    }

    [Test]
    public async Task After_a_pause_of_days_the_first_not_now_is_not_the_last()
    {
        await using var server = Greylisting();
        var edition = await StartAsync();
        await House.Editions.StepAsync(edition, EditionState.Paused, "an alarm", clock.GetUtcNow(), Stop);

        clock.Advance(TimeSpan.FromDays(4));
        await House.Editions.GoOnAsync(edition, byPerson: true, clock.GetUtcNow(), Stop);

        Assert.That(await SendAsync(edition, server), Is.EqualTo(new Tally(Deferred: 1)));
    }

    [TestCase(LoopbackStage.Recipient, "550 5.7.1 not today", 1, 0)] // failed: the edition was complete
    [TestCase(LoopbackStage.Letter, null, 0, 1)] // in doubt: it never was
    public async Task After_a_retry_in_the_next_week_the_first_not_now_is_not_the_last(LoopbackStage stage, string? reply, int failed, int inDoubt)
    {
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage == stage ? reply is null ? new LoopbackAnswer.KeepAndHangUp() : new LoopbackAnswer.Reply(reply) : null };
        var edition = await StartAsync();
        var before = await SendAsync(edition, server);

        clock.Advance(TimeSpan.FromDays(7));
        await House.Deliveries.RetryAsync(edition, new(), clock.GetUtcNow(), Stop);
        server.Script = NotNow;

        Assert.That((before, await SendAsync(edition, server)), Is.EqualTo((new Tally(Failed: failed, InDoubt: inDoubt), new Tally(Deferred: 1))));
    }

    /// <summary>One has failed; six more are sent four days later, and at the first of these a person tries the failed one again: the same pass takes it up.</summary>
    [Test]
    public async Task After_a_retry_in_the_middle_of_a_pass_the_first_not_now_is_not_the_last()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is not LoopbackStage.Recipient ? null : IsFirst(moment) ? new LoopbackAnswer.Reply("550 5.7.1 not today") : NotNow(moment) };
        await House.SubscribeAsync(7);
        var edition = await House.StartAsync();
        var before = await SendAsync(edition, server, batch: 1);

        clock.Advance(TimeSpan.FromDays(4));
        var retried = 0;
        server.Script = moment =>
        {
            if (moment.Stage is LoopbackStage.Recipient && Interlocked.Exchange(ref retried, 1) == 0)
                House.Deliveries.RetryAsync(edition, new(), clock.GetUtcNow(), Stop).GetAwaiter().GetResult();
            return IsFirst(moment) ? NotNow(moment) : null;
        };

        Assert.That((before, await SendAsync(edition, server, batch: 1)), Is.EqualTo((new Tally(Deferred: 6, Failed: 1), new Tally(Sent: 6, Deferred: 1))));
    }

    private static bool IsFirst(LoopbackMoment moment) => moment.To.Contains("reader0@", StringComparison.Ordinal);

    private static LoopbackSmtp Greylisting() => new() { Script = NotNow };

    private async Task<EditionId> StartAsync()
    {
        await House.SubscribeAsync(1);
        return await House.StartAsync();
    }

    private async Task<Tally> SendAsync(EditionId edition, LoopbackSmtp server, int batch = 1000)
    {
        await using var dispatcher = House.Dispatcher(Options(batch), SendingHome.Relay(server, connections: 1));
        await dispatcher.SendDueAsync(edition, null, Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
        return await House.TallyAsync(edition);
    }
}
