using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

public sealed class LinesTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new();

    [Test]
    public async Task The_higher_priority_gets_the_next_free_line_and_equals_the_order_in_which_they_came()
    {
        var lines = new Lines(1, clock);
        var held = await lines.TakeAsync(Priority.Normal, Stop);
        var order = new List<string>();
        var low = Waits(lines, Priority.Low, "low", order);
        var first = Waits(lines, Priority.Normal, "first", order);
        var second = Waits(lines, Priority.Normal, "second", order);
        var high = Waits(lines, Priority.High, "high", order);

        held.Dispose();
        await Task.WhenAll(low, first, second, high);

        Assert.That(order, Is.EqualTo(new[] { "high", "first", "second", "low" }));
    }

    [TestCase(Priority.Low, Priority.High, 1, false)] // held too short: opening a line costs a handshake
    [TestCase(Priority.Low, Priority.High, 2, true)]
    [TestCase(Priority.Normal, Priority.Normal, 9, false)]
    [TestCase(Priority.Normal, Priority.Normal, 10, true)] // equals take turns
    [TestCase(Priority.High, Priority.Low, 29, false)]
    [TestCase(Priority.High, Priority.Low, 30, true)] // never nothing
    public async Task A_line_is_asked_back_for_a_higher_one_soon_for_an_equal_one_later_and_for_a_lower_one_in_the_end(Priority holder, Priority waiter, int seconds, bool expected)
    {
        var lines = new Lines(1, clock);
        using var held = await lines.TakeAsync(holder, Stop);
        using var stop = new CancellationTokenSource();
        var waits = lines.TakeAsync(waiter, stop.Token);

        clock.Advance(TimeSpan.FromSeconds(seconds));
        var wanted = held.IsWanted;
        await stop.CancelAsync();

        Assert.That(wanted, Is.EqualTo(expected));
        Assert.That(async () => await waits, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(held.IsWanted, Is.False, "nobody waits any more");
    }

    [Test]
    public async Task Who_waits_asks_one_line_back_and_not_all()
    {
        var lines = new Lines(3, clock);
        var held = new[] { await lines.TakeAsync(Priority.Low, Stop), await lines.TakeAsync(Priority.Low, Stop), await lines.TakeAsync(Priority.Low, Stop) };
        var waits = lines.TakeAsync(Priority.High, Stop);
        clock.Advance(TimeSpan.FromSeconds(5));

        var wanted = held.Where(line => line.IsWanted).ToList();
        wanted[0].Dispose();
        (await waits).Dispose();

        Assert.That(wanted, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_low_edition_beside_a_high_one_that_never_ends_still_gets_its_slices()
    {
        var lines = new Lines(1, clock);
        var slices = 0;
        var high = await lines.TakeAsync(Priority.High, Stop);
        for (var minute = 0; minute < 10; minute++)
        {
            var low = lines.TakeAsync(Priority.Low, Stop);
            clock.Advance(TimeSpan.FromSeconds(30));
            Assert.That(high.IsWanted);
            var back = Replace(high, lines);
            using (await low)
            {
                slices++;
                clock.Advance(Lines.Slice);
            }
            high = await back;
        }

        Assert.That(slices, Is.EqualTo(10));
    }

    [Test]
    public async Task Who_asked_for_a_line_that_went_to_a_higher_one_asks_for_another()
    {
        var lines = new Lines(1, clock);
        var held = await lines.TakeAsync(Priority.Normal, Stop);
        var equal = lines.TakeAsync(Priority.Normal, Stop);
        clock.Advance(Lines.Turn);
        Assert.That(held.IsWanted);
        var high = lines.TakeAsync(Priority.High, Stop);
        held.Dispose();
        using var higher = await high;

        clock.Advance(Lines.Patience);

        Assert.That((higher.IsWanted, equal.IsCompleted), Is.EqualTo((true, false)), "never nothing");
    }

    [Test]
    public async Task Fewer_lines_are_given_out_when_those_beyond_have_come_back_and_more_at_once()
    {
        var lines = new Lines(2, clock);
        var (first, second) = (await lines.TakeAsync(Priority.Normal, Stop), await lines.TakeAsync(Priority.Normal, Stop));
        var waits = lines.TakeAsync(Priority.Normal, Stop);

        lines.Resize(1);
        first.Dispose();
        var whileOneIsHeld = waits.IsCompleted;
        second.Dispose();
        using var third = await waits;
        var more = lines.TakeAsync(Priority.Normal, Stop);
        var beyond = more.IsCompleted;
        lines.Resize(2);
        using var fourth = await more;

        Assert.That((whileOneIsHeld, beyond), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task Eight_that_take_and_give_back_at_once_never_hold_more_than_there_are()
    {
        var lines = new Lines(3, TimeProvider.System);
        var (now, most) = (0, 0);
        var gate = new Lock();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 200; round++)
            {
                using var stop = new CancellationTokenSource();
                if (round % 7 == 0)
                    await stop.CancelAsync();
                try
                {
                    using var line = await lines.TakeAsync((Priority)(i % 3), stop.Token);
                    lock (gate)
                        most = Math.Max(most, ++now);
                    await Task.Yield();
                    lock (gate)
                        now--;
                }
                catch (OperationCanceledException)
                {
                    // It left the queue.
                }
            }
        })));
        var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => lines.TakeAsync(Priority.Low, Stop)));
        var fourth = lines.TakeAsync(Priority.Low, Stop);

        Assert.That((most, all.Length, fourth.IsCompleted), Is.EqualTo((Math.Min(most, 3), 3, false)), "none is lost, none is made");
    }

    private static async Task<Lines.Line> Replace(Lines.Line held, Lines lines)
    {
        held.Dispose();
        return await lines.TakeAsync(Priority.High, Stop);
    }

    private static async Task Waits(Lines lines, Priority priority, string name, List<string> order)
    {
        using var line = await lines.TakeAsync(priority, Stop);
        order.Add(name);
    }
}
