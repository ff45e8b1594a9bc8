using Dapper;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Storage.Sending;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class PaceStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly PaceLimit HundredAnHour = new(100, TimeSpan.FromHours(1));
    private static readonly PaceLimit TwentyASecond = new(20, TimeSpan.FromSeconds(1));

    private PaceStore Paces => field ??= new(Database);

    [Test]
    public async Task A_slow_limit_gives_one_right_at_a_time_and_says_when_the_next_begins()
    {
        var (grant, _) = await Paces.TakeAsync("relay 1 100/1h", HundredAnHour, Noon, Stop);
        var (none, next) = await Paces.TakeAsync("relay 1 100/1h", HundredAnHour, Noon, Stop);
        var (other, _) = await Paces.TakeAsync("relay 2 100/1h", HundredAnHour, Noon, Stop);

        Assert.That((grant.TryTake(Noon, out _, out _), grant.TryTake(Noon, out _, out _)), Is.EqualTo((true, false)));
        Assert.That((none.TryTake(Noon, out _, out _), next), Is.EqualTo((false, Noon + HundredAnHour.Interval)));
        Assert.That(other.TryTake(Noon, out _, out _), Is.True);
    }

    [Test]
    public async Task Two_workers_that_take_by_turns_never_send_more_than_the_limit_in_any_second()
    {
        var stores = new[] { Paces, new PaceStore(OpenAnother()) };
        var grants = new PaceGrant?[2];
        var sent = new List<DateTimeOffset>();

        for (var now = Noon; now < Noon.AddSeconds(10); now = now.AddMilliseconds(5))
            for (var worker = 0; worker < 2; worker++)
            {
                DateTimeOffset? next = null;
                if (grants[worker] is { } grant && grant.TryTake(now, out _, out next))
                    sent.Add(now);
                else if (next is null)
                    (grants[worker], _) = await stores[worker].TakeAsync("relay", TwentyASecond, now, Stop);
            }

        var most = sent.Max(from => sent.Count(at => at >= from && at < from.AddSeconds(1)));
        Assert.That(most, Is.LessThanOrEqualTo(20));
        Assert.That(sent, Has.Count.GreaterThan(170), "and what may go goes");
    }

    [Test]
    public async Task Eight_workers_at_once_are_granted_each_right_once()
    {
        var stores = Enumerable.Range(0, 8).Select(_ => new PaceStore(OpenAnother())).ToList();
        var firsts = new List<DateTimeOffset>();

        for (var second = 0; second < 10; second++)
        {
            var now = Noon.AddSeconds(second);
            foreach (var (grant, first) in await Task.WhenAll(stores.Select(store => Task.Run(() => store.TakeAsync("relay", TwentyASecond, now, Stop)))))
                for (var at = first; grant.TryTake(at, out var right, out var next) || next is not null; at = next ?? at)
                    if (next is null)
                        firsts.Add(right);
        }

        var all = firsts.Order().ToList();
        Assert.That(all.Zip(all.Skip(1), (a, b) => b - a), Is.All.GreaterThanOrEqualTo(TwentyASecond.Interval));
        Assert.That(all, Has.Count.GreaterThan(150));
    }

    [Test]
    public async Task A_clock_that_is_set_back_by_an_hour_stops_nobody_and_opens_nothing()
    {
        await Paces.TakeAsync("relay", HundredAnHour, Noon, Stop);

        var (grant, first) = await Paces.TakeAsync("relay", HundredAnHour, Noon.AddHours(-1), Stop);
        var (again, _) = await Paces.TakeAsync("relay", HundredAnHour, Noon.AddHours(-1) + HundredAnHour.Interval, Stop);

        Assert.That((grant.TryTake(Noon.AddHours(-1), out _, out _), first), Is.EqualTo((false, Noon.AddHours(-1) + HundredAnHour.Interval)));
        Assert.That(again.TryTake(Noon.AddHours(-1) + HundredAnHour.Interval, out _, out _), Is.True);
    }

    [Test]
    public async Task A_clock_that_leaps_ahead_saves_nothing_up()
    {
        await Paces.TakeAsync("relay", HundredAnHour, Noon, Stop);

        var (one, _) = await Paces.TakeAsync("relay", HundredAnHour, Noon.AddDays(3), Stop);
        var (two, _) = await Paces.TakeAsync("relay", HundredAnHour, Noon.AddDays(3), Stop);

        Assert.That((one.TryTake(Noon.AddDays(3), out _, out _), two.TryTake(Noon.AddDays(3), out _, out _)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Whoever_asks_and_however_much_a_day_gives_no_more_than_its_most()
    {
        var day = new DateOnly(2026, 5, 4);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var store = new PaceStore(OpenAnother());
            var mine = 0;
            while (await store.TakeOfDayAsync("relay", day, 50, 7, Stop) is > 0 and var some)
                mine += some;
            return mine;
        })));
        await Paces.GiveBackAsync("relay", day, 5);
        var back = await Paces.TakeOfDayAsync("relay", day, 50, 7, Stop);
        var tomorrow = await Paces.TakeOfDayAsync("relay", day.AddDays(1), 50, 7, Stop);

        Assert.That((taken.Sum(), back, tomorrow), Is.EqualTo((50, 5, 7)));
        Assert.That(await Paces.TakeOfDayAsync("another", day, 3, 7, Stop), Is.EqualTo(3));
    }

    [Test]
    public async Task What_a_worker_holds_back_twice_is_told_once_with_the_later_time()
    {
        await Paces.TellAsync("one", [new("relay", "mx", Noon.AddMinutes(1), "away"), new("relay", "mx", Noon.AddMinutes(5), "asked to wait"), new("domain", "mx", Noon.AddMinutes(2), "slow")], Noon, Stop);

        Assert.That(await Paces.HoldsAsync(Noon, Stop), Is.EqualTo([new PaceHold("relay", "mx", Noon.AddMinutes(5), "asked to wait"), new PaceHold("domain", "mx", Noon.AddMinutes(2), "slow")]));
    }

    [Test]
    public async Task Limits_and_days_of_no_more_use_are_forgotten_and_the_others_hold()
    {
        var (limit, today) = (new PaceLimit(1, TimeSpan.FromHours(1)), DateOnly.FromDateTime(Noon.UtcDateTime));
        await Paces.TakeAsync("*/old.example", limit, Noon.AddHours(-26), Stop);
        await Paces.TakeAsync("*/new.example", limit, Noon.AddMinutes(-30), Stop);
        for (var ago = 0; ago < 4; ago++)
            await Paces.TakeOfDayAsync("relay", today.AddDays(-ago), 50, 7, Stop);

        await Paces.ForgetAsync(Noon, Stop);

        Assert.That((await NamesAsync("select name from pace_buckets"), await NamesAsync("select day from pace_days order by day")), Is.EqualTo(("*/new.example", "2026-05-03 2026-05-04")));
        Assert.That((await Paces.TakeAsync("*/new.example", limit, Noon, Stop)).First, Is.EqualTo(Noon.AddMinutes(-30) + limit.Interval));
    }

    [Test]
    public async Task What_workers_hold_back_is_shown_once_until_it_is_over()
    {
        await Paces.TellAsync("one", [new("domain", "a.example", Noon.AddMinutes(5), "450 4.7.1 it's \"slow\""), new("relay", "mx", Noon.AddMinutes(1), "away")], Noon, Stop);
        await Paces.TellAsync("two", [new("domain", "a.example", Noon.AddMinutes(7), "later")], Noon, Stop);
        var both = await Paces.HoldsAsync(Noon, Stop);
        await Paces.TellAsync("two", [], Noon, Stop);

        Assert.That(both, Is.EqualTo([new PaceHold("relay", "mx", Noon.AddMinutes(1), "away"), new PaceHold("domain", "a.example", Noon.AddMinutes(7), "later")]));
        await Paces.TellAsync("three", [], Noon.AddDays(2), Stop);
        Assert.That(await Paces.HoldsAsync(Noon, Stop), Is.Empty, "what a worker that is gone has left is swept away");
        await Paces.TellAsync("one", [new("domain", "a.example", Noon.AddMinutes(5), "450 4.7.1 it's \"slow\"")], Noon, Stop);
        Assert.That(await Paces.HoldsAsync(Noon.AddMinutes(2), Stop), Is.EqualTo([new PaceHold("domain", "a.example", Noon.AddMinutes(5), "450 4.7.1 it's \"slow\"")]));
    }

    private Task<string> NamesAsync(string sql) => Database.ReadAsync(async connection => string.Join(' ', await connection.QueryAsync<string>(sql)), Stop);
}
