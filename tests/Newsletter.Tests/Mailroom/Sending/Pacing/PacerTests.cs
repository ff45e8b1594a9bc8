using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

/// <summary>What a process knows of its relays, and says of them. No letter goes.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class PacerTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Noon);

    [Test]
    public async Task Two_accounts_at_one_host_are_told_apart_where_they_are_held()
    {
        var pacer = Pacer(new SendingPlan([Relay("one"), Relay("two"), Relay("", port: 26)]));
        foreach (var outlet in pacer.Set.Outlets)
            outlet.Tell(new SmtpOutcome.Refused(535, "5.7.8", "no such account", SmtpScope.Relay), isOpening: true);

        await pacer.TellAsync(clock.GetUtcNow(), atOnce: true, Stop);

        Assert.That((await new PaceStore(Database).HoldsAsync(Noon, Stop)).Select(hold => hold.Name), Is.EqualTo(["mx:25 (one)", "mx:25 (two)", "mx:26"]));
    }

    [Test]
    public async Task One_account_in_two_entries_is_held_once()
    {
        var pacer = Pacer(new SendingPlan([Relay("one"), Relay("one")]));
        pacer.Set.Outlets[0].Tell(new SmtpOutcome.Refused(535, "5.7.8", "no such account", SmtpScope.Relay), isOpening: true);

        await pacer.TellAsync(clock.GetUtcNow(), atOnce: true, Stop);

        Assert.That((await new PaceStore(Database).HoldsAsync(Noon, Stop)).Select(hold => hold.Name), Is.EqualTo(["mx:25 (one)"]));
    }

    [Test]
    public async Task Two_entries_that_share_their_lines_have_one_for_each_letter_however_steady_the_relay_is()
    {
        var (two, alone) = (Pacer(new SendingPlan([Relay("one"), Relay("one")])).Set.Outlets, Pacer(new SendingPlan([Relay("one", connections: 64)])).Set.Outlets);
        foreach (var outlet in (Outlet[])[.. two, .. alone])
        {
            using var line = await outlet.TakeLineAsync(Priority.Normal, Stop);
            line.Answered(RelayManner.Steady, TimeSpan.Zero);
        }

        Assert.That((two[0].IsBeyond(7), two[1].IsBeyond(7), alone[0].IsBeyond(63)), Is.EqualTo((false, false, Environment.ProcessorCount < 63)));
    }

    [Test]
    public async Task What_cannot_be_told_to_people_stops_nobody()
    {
        var pacer = Pacer(new SendingPlan([Relay("")]));
        pacer.Set.Outlets[0].Tell(new SmtpOutcome.Refused(535, "5.7.8", "no such account", SmtpScope.Relay), isOpening: true);
        await using (var connection = await Database.OpenAsync(Stop))
            await connection.ExecuteAsync("drop table pace_holds");

        await pacer.TellAsync(clock.GetUtcNow(), atOnce: true, Stop);

        Assert.That((await pacer.ClosedAsync(Noon, Stop))!.Reason, Does.Contain("no such account"));
    }

    [Test]
    public async Task A_relay_on_trial_does_not_keep_the_one_that_stands_by_from_its_letters()
    {
        var pacer = Pacer(new SendingPlan([Relay("", connections: 1), Relay("", port: 26, weight: 0)]));
        var (first, spare) = (pacer.Set.Outlets[0], pacer.Set.Outlets[1]);
        for (var i = 0; i < Breaker.Most; i++)
            first.Tell(new SmtpOutcome.Deferred(null, null, "no answer", SmtpScope.Relay), isOpening: true);
        clock.Advance(Breaker.First);

        var trial = await first.BeginAsync(Stop);
        var turn = await spare.BeginAsync(Stop);

        Assert.That((trial.IsGiven, turn.IsGiven), Is.EqualTo((true, true)), turn.Why);
    }

    [Test]
    public async Task New_settings_open_no_line_while_letters_of_the_old_are_on_all_of_them()
    {
        var (plan, stamp) = (new SendingPlan([Relay("", connections: 2)]), "1");
        var plans = new CurrentPlan(plan, () => plan, () => stamp, NullLogger.Instance);
        var pacer = Pacer(plans);
        var old = pacer.Set.Outlets.Single();
        var slow = new[] { await old.TakeLineAsync(Priority.Normal, Stop), await old.TakeLineAsync(Priority.Normal, Stop) };

        (plan, stamp) = (new([Relay("", connections: 3)]), "2");
        pacer.Look();
        var changed = pacer.Look().Outlets.Single();
        using var third = await changed.TakeLineAsync(Priority.Normal, Stop);
        var fourth = changed.TakeLineAsync(Priority.Normal, Stop);

        Assert.That((ReferenceEquals(old, changed), fourth.IsCompleted), Is.EqualTo((false, false)));
        slow[0].Dispose();
        using var next = await fourth;
        slow[1].Dispose();
    }

    private Pacer Pacer(SendingPlan plan) => Pacer(new CurrentPlan(plan));

    private Pacer Pacer(CurrentPlan plans) => new(new SendingHome(Database, clock).Desk(new(), [.. plans.Value.Transports]) with { Plans = plans }, "example.org");

    private static SmtpTransport Relay(string user, int port = 25, int connections = 4, int weight = 1) =>
        new(new RelayOptions { Host = "mx", Port = port, User = user, Connections = connections, Weight = weight });
}
